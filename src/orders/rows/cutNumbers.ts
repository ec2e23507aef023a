/** Matches 1.23457E+11: spreadsheets and columns of floats write long numbers like this, without their last digits. */
export const EXPONENT = '-?[0-9](?:[.][0-9]+)?[eE][+][0-9]{2,3}';
/** Matches 1e+05: R writes 100000 like this, but no digit is lost, since only longer numbers are cut. */
export const HUNDRED_THOUSANDS = '([1-9])[eE][+]05';
/** Matches a float with more digits than may be exact. */
export const LONG_FLOAT = '-?[0-9]{16,}[.]0+';
/** From here on, two whole numbers may be the same float. */
export const LEAST_INEXACT = 2 ** 53;
