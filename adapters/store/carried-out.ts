const linkOfHold = 'select 1 from link l where l.customer_id = h.customer_id and l.member_id = h.member_id';

/** As SQL: a hold `h` that was released, and whose change has been made since. It is over, though only the next plan ends it. */
export const isCarriedOut = `(h.state = 'released' and case h.kind
  when 'create' then exists (${linkOfHold})
  when 'rename' then exists (${linkOfHold} and l.user_name_key = h.wanted)
  else not exists (${linkOfHold} and l.active) end)`;
