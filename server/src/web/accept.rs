//! What an `Accept-Encoding` allows: RFC 9110, 12.5.3 and 12.4.2.

/// Which codings a client takes, and which of them rather: weights in thousandths, 0 for what it does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// `br`.
    pub brotli: u16,
    /// `gzip`, or `x-gzip` by its old name.
    pub gzip: u16,
    /// A file as it is: taken unless it is forbidden by name, or by `*` without its name; the least when nothing is said
    /// of it.
    pub identity: u16,
}

/// The weight of whatever is named without one.
const WHOLE: u16 = 1_000;
/// The least that is not none.
const LEAST: u16 = 1;

impl Accepted {
    /// Reads the header's lines. What is no member of the list, or has no weight that is one, says nothing; of two that
    /// name the same coding the first counts. No line at all allows whatever there is, of which the file as it is fits
    /// everybody.
    #[must_use]
    pub fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let (mut brotli, mut gzip, mut identity, mut others) = (None, None, None, None);
        for (coding, weight) in lines.flat_map(|line| line.split(',')).filter_map(member) {
            let said = match coding.to_ascii_lowercase().as_str() {
                "br" => &mut brotli,
                "gzip" | "x-gzip" => &mut gzip,
                "identity" => &mut identity,
                "*" => &mut others,
                _ => continue,
            };
            said.get_or_insert(weight);
        }
        Self {
            brotli: brotli.or(others).unwrap_or(0),
            gzip: gzip.or(others).unwrap_or(0),
            identity: identity.or(others).unwrap_or(LEAST),
        }
    }
}

/// One member of the list: its coding, and its weight.
fn member(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(|part| part.trim_matches([' ', '\t']));
    let coding = parts.next().filter(|coding| !coding.is_empty())?;
    let Some(weight) = parts.next() else { return Some((coding, WHOLE)) };
    let (name, value) = weight.split_once('=')?;
    let is_weight = name.trim_end_matches([' ', '\t']).eq_ignore_ascii_case("q") && parts.next().is_none();
    let weight = weight_of(value.trim_start_matches([' ', '\t']))?;
    is_weight.then_some((coding, weight))
}

/// A weight in thousandths; `None` when it is no weight: 0 to 1 with at most three digits behind the point.
fn weight_of(value: &str) -> Option<u16> {
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let is_part = part.len() <= 3 && part.bytes().all(|digit| digit.is_ascii_digit());
    let thousandths: u16 = format!("{part:0<3}").parse().ok().filter(|_| is_part)?;
    match (whole, thousandths) {
        ("0", _) => Some(thousandths),
        ("1", 0) => Some(WHOLE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> (bool, bool, bool) {
        let accepted = Accepted::of(core::iter::once(line));
        (accepted.brotli > 0, accepted.gzip > 0, accepted.identity > 0)
    }

    #[test]
    fn every_form_of_the_rfc_is_read() {
        for (line, wanted) in [
            ("", (false, false, true)),
            ("br", (true, false, true)),
            ("BR, GZip", (true, true, true)),
            ("x-gzip", (false, true, true)),
            ("gzip;q=0", (false, false, true)),
            ("gzip;q=0.000,br;q=0.001", (true, false, true)),
            ("gzip ; q=1.000 , br\t;\tQ=0.5", (true, true, true)),
            ("*", (true, true, true)),
            ("*;q=0", (false, false, false)),
            ("*;q=0, br", (true, false, false)),
            ("gzip;q=0, *", (true, false, true)),
            ("identity;q=0", (false, false, false)),
            ("identity;q=0, gzip", (false, true, false)),
            ("*;q=0, identity;q=0.1", (false, false, true)),
            ("brotli, gzipped, deflate", (false, false, true)),
            ("br;q=2, gzip;q=0.1234", (false, false, true)),
            ("br;q=, gzip;level=9", (false, false, true)),
            (",, br ,", (true, false, true)),
            ("br, br;q=0", (true, false, true)),
        ] {
            assert_eq!(of(line), wanted, "{line}");
        }
        let lines = ["gzip;q=0", "br", "*"];
        assert_eq!(Accepted::of(lines.into_iter()), Accepted { brotli: WHOLE, gzip: 0, identity: WHOLE });
        assert_eq!(Accepted::of(core::iter::empty()), Accepted { brotli: 0, gzip: 0, identity: LEAST });
        let line = "br;q=0.05, gzip;q=0.5, identity;q=0.123";
        assert_eq!(Accepted::of(core::iter::once(line)), Accepted { brotli: 50, gzip: 500, identity: 123 });
    }

    /// A small generator (SplitMix64).
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
        }
    }

    fn written(dice: &mut Dice, coding: &str, thousandths: usize) -> String {
        let space = |dice: &mut Dice| ["", " ", "\t", "  "][dice.below(4)];
        let name: String =
            coding.chars().map(|c| if dice.below(2) == 0 { c.to_ascii_uppercase() } else { c }).collect();
        let digits = format!("{thousandths:03}");
        let value = match (thousandths, dice.below(3)) {
            (1_000, 0) => "1".to_owned(),
            (1_000, 1) => "1.0".to_owned(),
            (1_000, _) => return format!("{}{name}{}", space(dice), space(dice)),
            (0, 0) => "0".to_owned(),
            (_, 1) => format!("0.{}", digits.trim_end_matches('0')),
            _ => format!("0.{digits}"),
        };
        let q = ["q", "Q"][dice.below(2)];
        format!("{}{name}{};{}{q}={value}{}", space(dice), space(dice), space(dice), space(dice))
    }

    #[test]
    fn whatever_is_written_as_the_rfc_says_means_what_the_rfc_says() {
        for seed in 0..20_000 {
            let mut dice = Dice(seed);
            let mut said: Vec<(&str, usize)> = Vec::new();
            for coding in ["br", "gzip", "identity", "*", "deflate", "zstd"] {
                if dice.below(2) == 0 {
                    let weight = [0, 0, 1, 10, 100, 500, 999, 1_000][dice.below(8)];
                    said.insert(dice.below(said.len() + 1), (coding, weight));
                }
            }
            let lines: Vec<String> = said.iter().map(|(coding, weight)| written(&mut dice, coding, *weight)).collect();
            let line = lines.join(",");
            let weight = |coding: &str| said.iter().find(|(name, _)| *name == coding).map(|(_, weight)| *weight as u16);
            let wanted = |coding, otherwise| weight(coding).or(weight("*")).unwrap_or(otherwise);
            let (brotli, gzip, identity) = (wanted("br", 0), wanted("gzip", 0), wanted("identity", LEAST));
            let accepted = Accepted::of(core::iter::once(line.as_str()));
            assert_eq!(accepted, Accepted { brotli, gzip, identity }, "{line}");
        }
    }
}
