//! Text that differs with the seed, and repeats itself about as much as what people write.

use crate::seed::Seed;

const WORDS: &str = "the and to of a in it was i that my we he she for on is with not at they you but this had as be so \
    have there when what me all out up were about her him from after then one could day would time just know did got \
    feel like week said if or an no because again who been do them went more how home can very really work night good \
    back think morning nothing first mother some sleep never talk bus help two walk still people call house hard always \
    over came where anything quiet church water tired food brother thing now river friend money clinic left children \
    before only evening afraid into made long sister used than bad here wanted okay plan group next every phone drink \
    tell heard room kitchen nobody try rain angry listen pressure craving shop alone breathe proud market ashamed doctor \
    letter bicycle roof garden goat radio neighbour medicine wedding harvest shoulder promise window dust candle borrowed";

/// A word, the frequent ones more often.
fn word(seed: &mut Seed, all: &[&'static str]) -> &'static str {
    let at = seed.below(all.len()).min(seed.below(all.len())).min(seed.below(all.len()));
    all[at]
}

/// Sentences of so many characters.
pub(super) fn text(seed: &mut Seed, chars: usize) -> String {
    let all: Vec<&'static str> = WORDS.split_ascii_whitespace().collect();
    let mut text = String::new();
    let mut begins = true;
    while text.len() < chars {
        let word = word(seed, &all);
        let (first, rest) = word.split_at(1);
        text.push_str(&if begins { first.to_uppercase() } else { first.to_owned() });
        text.push_str(rest);
        begins = seed.percent(10);
        text.push_str(if begins { ". " } else { " " });
    }
    text.truncate(chars);
    text
}

/// A text in so many pieces, none empty.
pub(super) fn pieces(text: &str, count: usize) -> Vec<&str> {
    (0..count).map(|at| &text[at * text.len() / count..(at + 1) * text.len() / count]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_one_for_each_seed_and_its_pieces_are_all_of_it() {
        let of = |seed| text(&mut Seed::new(seed), 2_000);
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        let all = of(7);
        let pieces = pieces(&all, 133);
        assert_eq!((pieces.len(), pieces.concat()), (133, all.clone()));
        assert!(pieces.iter().all(|piece| !piece.is_empty()));
    }
}
