export interface NamedChoice {
  value: string;
  label: string;
}

/** A value of the address is among the choices also when its record is gone. */
export function withChosen(choices: NamedChoice[], chosen: string): NamedChoice[] {
  if (chosen === '' || choices.some(({ value }) => value === chosen)) return choices;
  return [...choices, { value: chosen, label: chosen }];
}
