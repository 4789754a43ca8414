const words = (text: string) => text.trim().split(/\s+/);

export const givenNames = words(`
  Ada Adam Alex Alice Amir Andrea Anna Anton Aisha Ben Bianca Boris Carla Carlos Cem Chen Clara Daniel Daria David Deepa Diana Dora Edith Elena Eli
  Emil Emma Erik Eva Fatima Felix Fiona Frank Gita Grace Greta Hana Hannah Hassan Helen Henry Hugo Ida Igor Ines Ingrid Ivan Jack Jan Jane Jin Joan
  John Julia Kai Karin Karl Kate Kenji Lars Laura Lea Leila Leon Lina Lisa Louis Lucy Luis Mara Marco Maria Mark Martin Maya Mei Milan Mina Nadia
  Nina Noah Nora Olga Oliver Omar Oscar Paul Paula Peter Petra Priya Rachel Rahul Rosa Ruth Sam Sara Simon Sofia Stefan Tara Theo Tom Uma Vera Victor
  Wei Yara Yuki Zara`);

export const surnames = words(`
  Abbott Adler Ahmed Alves Andersen Baker Banerjee Barros Bauer Becker Bell Bennett Berg Bianchi Blake Brandt Brooks Brown Carter Castro Chan Chen
  Clarke Cohen Costa Cruz Dahl Das Davies Diaz Dubois Duarte Eaton Engel Evans Farouk Fischer Foster Fox Franco Garcia Gill Goldberg Gray Green Gupta
  Haas Hall Hansen Harris Hayes Hoffman Holm Hughes Ito Ivanov Jackson Jansen Jones Kapoor Kaur Keller Khan Kim Klein Koch Kumar Lang Larsen Lee
  Lehmann Lewis Lima Lopes Lund Maier Malik Marino Martin Mason Mehta Meyer Miller Moore Mori Morris Murphy Nakamura Nash Nguyen Nielsen Novak Olsen
  Ortega Owen Park Patel Pereira Petrov Pinto Price Rao Reed Reyes Ricci Roberts Rossi Ruiz Sato Schmidt Scott Shah Silva Singh Smith Sousa Stone
  Suzuki Tanaka Taylor Torres Turner Vargas Visser Wagner Walker Wang Ward Weber White Wolf Wong Wood Wright Xu Yang Young Zhang Zimmer`);

export const givenNamesWithDiacritics = words(
  'Zoë José Søren Łukasz Øystein Şeyma Ægir Žofia Renée André Björn Chloë Dağhan Éloïse François Gülşen Håkon Íñigo Jürgen Jiří Måns Noémie Örjan Raúl Siân Tomáš Úrsula Vít Ýmir Đorđe',
);
export const surnamesWithDiacritics = words(
  'Müller Åström Nuñez Núñez Łęcki Çelik Dvořák Eklöf Fernández Gößling Häkkinen Hrbáček Jónsdóttir Kühn Lindström Märtens Nguyễn Ødegård Peña Réti Šimić Tóth Ümit Vågen Weiß Yılmaz Żak Þorsteinn Żółć Öztürk',
);
export const surnamesWithApostrophe = ["O'Brien", "D'Angelo", 'O’Neill', "N'Diaye", "Dell'Acqua", 'L’Hôte', "O'Shea", "Mc'Queen"];

export const departments = words(
  'Finance Sales Marketing Engineering Support Legal Operations Research Logistics Procurement Quality Facilities',
).concat(['Human Resources', 'Customer Success', 'Information Technology']);

export const jobTitles = words(
  'Analyst Engineer Specialist Coordinator Consultant Administrator Planner Developer Buyer Technician Auditor Designer',
);

export const offices = [
  { officeLocation: 'Lisbon 2', city: 'Lisbon', state: null, country: 'Portugal', usageLocation: 'PT', preferredLanguage: 'pt-PT' },
  { officeLocation: 'Berlin Mitte', city: 'Berlin', state: 'Berlin', country: 'Germany', usageLocation: 'DE', preferredLanguage: 'de-DE' },
  {
    officeLocation: 'Reading',
    city: 'Reading',
    state: 'Berkshire',
    country: 'United Kingdom',
    usageLocation: 'GB',
    preferredLanguage: 'en-GB',
  },
  {
    officeLocation: 'Austin HQ',
    city: 'Austin',
    state: 'Texas',
    country: 'United States',
    usageLocation: 'US',
    preferredLanguage: 'en-US',
  },
  { officeLocation: 'Pune', city: 'Pune', state: 'Maharashtra', country: 'India', usageLocation: 'IN', preferredLanguage: 'en-IN' },
  { officeLocation: 'Gdańsk', city: 'Gdańsk', state: 'Pomorskie', country: 'Poland', usageLocation: 'PL', preferredLanguage: 'pl-PL' },
  { officeLocation: 'Osaka', city: 'Osaka', state: null, country: 'Japan', usageLocation: 'JP', preferredLanguage: 'ja-JP' },
];

const withoutDecomposition: Record<string, string> = {
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  ß: 'ss',
  æ: 'ae',
  Æ: 'Ae',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  þ: 'th',
  Þ: 'Th',
  ð: 'd',
  '’': "'",
};

/** A name as it stands in a user name: plain ASCII, as Entra demands; the apostrophe is allowed there. */
export function ascii(name: string): string {
  if (/^[\x00-\x7f]*$/.test(name)) return name;
  return [...name.normalize('NFD').replace(/\p{M}/gu, '')].map((letter) => withoutDecomposition[letter] ?? letter).join('');
}
