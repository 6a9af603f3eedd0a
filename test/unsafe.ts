/** Matches a character that must be escaped: it steers a terminal, or it is invisible. The same in every engine. */
export const unsafe =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]|(?!\p{Variation_Selector})\p{Default_Ignorable_Code_Point}/u;
