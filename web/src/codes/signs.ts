/** The signs that QR codes pack two to 11 bits, in the order of their values; the same as those of base 45. */
export const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
