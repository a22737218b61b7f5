//! Short secrets and keys as text that people read aloud and type.
//!
//! Crockford's base32 (no I, L, O, U; case does not matter) in groups of four, with two check characters from a
//! Reed-Solomon code over GF(32): together they notice every single wrong character and every two neighbours that
//! were exchanged, and up to 31 characters also every two wrong ones, and say in which group one alone lies. 16 bytes
//! are 28 characters.

/// Longest code, in bytes.
const CODE_BYTES_MAX: usize = 64;
/// Characters in a group.
const CODE_GROUP: usize = 4;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// x^5 + x^2 + 1 without its first term: a primitive polynomial, so that x runs through all 31 units.
const REDUCTION: u8 = 0b0_0101;
/// Characters before the check's positions repeat.
const PERIOD: usize = 31;

/// Why a text is no code. Groups count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeProblem {
    /// A character that no code has.
    #[error("{character:?} in group {group} of the code is no character of a code")]
    Character {
        /// The character.
        character: char,
        /// Its group.
        group: usize,
    },
    /// Characters are missing or too many.
    #[error("the code is not complete, or too long: it has {characters} characters")]
    Length {
        /// What it has.
        characters: usize,
    },
    /// The check does not fit, and one wrong character or two exchanged ones in this group would explain it.
    #[error("the code has a mistake, most likely in group {group}: compare it again")]
    Group {
        /// The group.
        group: usize,
    },
    /// The check does not fit, and more than one character is wrong.
    #[error("the code has a mistake: compare it again")]
    Mistyped,
}

/// `bytes` as a code: groups of four characters with `-` between.
#[must_use]
pub fn encode_code(bytes: &[u8]) -> String {
    let mut symbols = to_symbols(bytes);
    symbols.extend(check_symbols(&symbols));
    let mut code = String::with_capacity(symbols.len() * 5 / 4 + 1);
    for (at, symbol) in symbols.iter().enumerate() {
        if at > 0 && at % CODE_GROUP == 0 {
            code.push('-');
        }
        code.push(char::from(ALPHABET[usize::from(*symbol)]));
    }
    code
}

/// The bytes of a code, forgiving case, white space, any hyphens, and O for 0, I and L for 1.
///
/// # Errors
/// Names the group when it can.
pub fn decode_code(code: &str) -> Result<Vec<u8>, CodeProblem> {
    let mut symbols = Vec::new();
    for character in code.chars().filter(|character| !is_spacing(*character)) {
        let group = symbols.len() / CODE_GROUP + 1;
        symbols.push(symbol(character).ok_or(CodeProblem::Character { character, group })?);
        if symbols.len() > characters(CODE_BYTES_MAX) {
            return Err(CodeProblem::Length { characters: symbols.len() });
        }
    }
    let bytes_len = symbols.len().saturating_sub(2) * 5 / 8;
    if bytes_len == 0 || characters(bytes_len) != symbols.len() {
        return Err(CodeProblem::Length { characters: symbols.len() });
    }
    match syndrome(&symbols) {
        (0, 0) => to_bytes(&symbols[..symbols.len() - 2]).ok_or(CodeProblem::Mistyped),
        (sum, weighted) => Err(explain(&symbols, sum, weighted)),
    }
}

/// Bytes in the same alphabet, without groups or check, for what no person types: QR codes pack it well.
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    to_symbols(bytes).into_iter().map(|symbol| char::from(ALPHABET[usize::from(symbol)])).collect()
}

/// The bytes in [`base32`] text, in its one form but for case; `None` when it is none.
#[must_use]
pub fn from_base32(text: &str) -> Option<Vec<u8>> {
    let symbols: Option<Vec<u8>> = text.chars().map(symbol).collect();
    to_bytes(&symbols?)
}

fn characters(bytes_len: usize) -> usize {
    (bytes_len * 8).div_ceil(5) + 2
}

fn is_spacing(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}')
}

fn symbol(character: char) -> Option<u8> {
    let digit = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == digit).map(|at| at as u8)
}

fn to_symbols(bytes: &[u8]) -> Vec<u8> {
    let (mut symbols, mut held, mut bits) = (Vec::with_capacity(characters(bytes.len())), 0_u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            symbols.push((held >> bits) as u8 & 31);
        }
    }
    if bits > 0 {
        symbols.push((held << (5 - bits)) as u8 & 31);
    }
    symbols
}

/// `None` when the bits left over are not zero: another form of a code that has one.
fn to_bytes(symbols: &[u8]) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::with_capacity(symbols.len() * 5 / 8), 0_u32, 0);
    for symbol in symbols {
        held = held << 5 | u32::from(*symbol);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    (held & ((1 << bits) - 1) == 0).then_some(bytes)
}

/// The two symbols that make both sums of [`syndrome`] zero: they stand at the positions 0 and 1 from the end.
fn check_symbols(symbols: &[u8]) -> [u8; 2] {
    let (sum, weighted) = syndrome(&[symbols, &[0, 0]].concat());
    // a + b = sum and a x + b = weighted, for a before b.
    let first = divide(sum ^ weighted, 1 ^ 2);
    [first, sum ^ first]
}

/// The sum of all symbols, and their sum weighted by x to the power of the distance from the end.
fn syndrome(symbols: &[u8]) -> (u8, u8) {
    symbols.iter().fold((0, 0), |(sum, weighted), symbol| (sum ^ symbol, times_x(weighted) ^ symbol))
}

fn explain(symbols: &[u8], sum: u8, weighted: u8) -> CodeProblem {
    if symbols.len() > PERIOD {
        return CodeProblem::Mistyped;
    }
    let group = |from_end: usize| CodeProblem::Group { group: (symbols.len() - 1 - from_end) / CODE_GROUP + 1 };
    if sum != 0 {
        let single =
            (0..symbols.len()).find(|from_end| (0..*from_end).fold(sum, |value, _| times_x(value)) == weighted);
        return single.map_or(CodeProblem::Mistyped, group);
    }
    let mut exchanged = (1..symbols.len()).filter(|at| {
        let mut mended = symbols.to_vec();
        mended.swap(at - 1, *at);
        syndrome(&mended) == (0, 0)
    });
    match (exchanged.next(), exchanged.next()) {
        (Some(at), None) => group(symbols.len() - 1 - at),
        _ => CodeProblem::Mistyped,
    }
}

fn times_x(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 { shifted } else { (shifted & 31) ^ REDUCTION }
}

fn divide(value: u8, by: u8) -> u8 {
    (0..32).find(|quotient| multiply(*quotient, by) == value).unwrap_or_default()
}

fn multiply(one: u8, other: u8) -> u8 {
    (0..5).rev().fold(0, |product, bit| times_x(product) ^ if other >> bit & 1 == 1 { one } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: [u8; 16] = [0xa5, 0, 0xff, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xfe];

    fn plain() -> Vec<char> {
        encode_code(&SECRET).replace('-', "").chars().collect()
    }

    #[test]
    fn every_length_survives() {
        for len in 1..=CODE_BYTES_MAX {
            let bytes: Vec<u8> = (0..len).map(|at| (at * 37 + len) as u8).collect();
            assert_eq!(decode_code(&encode_code(&bytes)), Ok(bytes));
        }
    }

    #[test]
    fn sixteen_bytes_are_seven_groups_of_four() {
        let code = encode_code(&SECRET);
        assert_eq!(code, "MM0F-Y0R4-0M30-E209-185G-R38E-ZRFP");
        assert!(code.split('-').all(|group| group.len() == 4));
        assert_eq!(code.split('-').count(), 7);
    }

    #[test]
    fn how_it_is_written_does_not_matter() {
        let code = encode_code(&SECRET);
        assert_eq!(decode_code(&code.to_lowercase().replace('-', " ")), Ok(SECRET.to_vec()));
        assert_eq!(decode_code(&code.replace('-', "").replace('0', "o").replace('1', "l")), Ok(SECRET.to_vec()));
        assert_eq!(
            decode_code(&format!(" {}\n", code.replace('1', "I").replace('-', "\u{2013}"))),
            Ok(SECRET.to_vec())
        );
    }

    #[test]
    fn every_single_wrong_character_is_noticed_and_its_group_named() {
        for at in 0..plain().len() {
            for wrong in ALPHABET.iter().map(|wrong| char::from(*wrong)) {
                let mut code = plain();
                if code[at] == wrong {
                    continue;
                }
                code[at] = wrong;
                let group = at / CODE_GROUP + 1;
                assert_eq!(decode_code(&code.iter().collect::<String>()), Err(CodeProblem::Group { group }));
            }
        }
    }

    #[test]
    fn every_two_wrong_characters_are_noticed() {
        for (at, other) in (0..28).flat_map(|at| (0..at).map(move |other| (at, other))) {
            for wrong in 1..32 {
                let mut symbols: Vec<u8> = plain().into_iter().filter_map(symbol).collect();
                symbols[at] ^= wrong;
                symbols[other] ^= 1 + (wrong * 7 + 3) % 31;
                assert_ne!(syndrome(&symbols), (0, 0));
            }
        }
    }

    #[test]
    fn neighbours_exchanged_are_noticed_also_in_long_codes() {
        for len in [16, 64] {
            let bytes: Vec<u8> = (0..len).map(|at| (at * 101 + 13) as u8).collect();
            let code: Vec<char> = encode_code(&bytes).replace('-', "").chars().collect();
            for at in (1..code.len()).filter(|at| code[at - 1] != code[*at]) {
                let mut exchanged = code.clone();
                exchanged.swap(at - 1, at);
                assert!(decode_code(&exchanged.iter().collect::<String>()).is_err());
            }
        }
    }

    #[test]
    fn what_is_no_code_is_named() {
        assert_eq!(decode_code(""), Err(CodeProblem::Length { characters: 0 }));
        assert_eq!(decode_code("00"), Err(CodeProblem::Length { characters: 2 }));
        assert_eq!(decode_code(&plain()[..27].iter().collect::<String>()), Err(CodeProblem::Length { characters: 27 }));
        assert!(decode_code(&"0".repeat(1_000_000)).is_err());
        let mut code = plain();
        code[9] = 'U';
        let problem = CodeProblem::Character { character: 'U', group: 3 };
        assert_eq!(decode_code(&code.iter().collect::<String>()), Err(problem));
    }

    #[test]
    fn bits_left_over_are_zero() {
        let mut symbols = to_symbols(&SECRET);
        *symbols.last_mut().unwrap() |= 1;
        symbols.extend(check_symbols(&symbols));
        let code: String = symbols.iter().map(|symbol| char::from(ALPHABET[usize::from(*symbol)])).collect();
        assert_eq!(decode_code(&code), Err(CodeProblem::Mistyped));
    }
}
