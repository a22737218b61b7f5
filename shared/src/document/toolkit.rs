use core::fmt;

use crate::codec::{DecodeError, Reader, Writer};
use crate::contract::Contract;
use crate::gate::BODY_BYTES_MAX;
use crate::ids::{ActorId, BodyId};
use crate::seal::TextSalt;
use crate::time::TimestampMs;

use super::key::counter_of;
use super::profile::{check, check_length};
use super::{
    EditProblem, Hidden, MOMENT_TEXT, MOMENTS_MAX, STRATEGY_TEXT, StrategyRecord, TITLE_BYTES_MAX, TITLE_TEXT,
    TextLimit,
};

/// Containers, by the op of the genesis that makes them.
pub(super) const STRATEGIES: u64 = 1;
pub(super) const HELPED: u64 = 2;

/// The form of a body in which nothing is sealed. 2 is a message's, 0 and 1 are of before the first release.
const FORMAT: u8 = 3;

/// When a strategy is of use.
#[derive(Clone, Debug, PartialEq, Eq, Contract)]
#[contract(from_page, to_page, tag = "moment")]
pub enum Moment {
    /// In panic.
    Panic,
    /// When one cannot sleep.
    Sleepless,
    /// In a flashback.
    Flashback,
    /// In anger.
    Anger,
    /// When one is alone.
    Alone,
    /// When one craves something.
    Craving,
    /// Before a hard talk.
    HardTalk,
    /// At any time.
    AnyTime,
    /// One of a later version's list, by its code.
    Later {
        /// Its place in that list, from 9 to 255.
        code: u8,
    },
    /// One that its author named.
    Own {
        /// In their words, at most 40 characters.
        word: String,
    },
}

impl Moment {
    /// The list that this build knows, each at its code less 1.
    pub const LISTED: [Self; 8] = [
        Self::Panic,
        Self::Sleepless,
        Self::Flashback,
        Self::Anger,
        Self::Alone,
        Self::Craving,
        Self::HardTalk,
        Self::AnyTime,
    ];
    /// Stands before a word of one's own.
    const OWN: u8 = 0;

    /// The moment of a code; none for 0, which stands before a word of one's own.
    #[must_use]
    pub fn listed(code: u8) -> Option<Self> {
        let at = usize::from(code).checked_sub(1)?;
        Some(Self::LISTED.get(at).cloned().unwrap_or(Self::Later { code }))
    }

    fn code(&self) -> u8 {
        match self {
            Self::Own { .. } => Self::OWN,
            Self::Panic => 1,
            Self::Sleepless => 2,
            Self::Flashback => 3,
            Self::Anger => 4,
            Self::Alone => 5,
            Self::Craving => 6,
            Self::HardTalk => 7,
            Self::AnyTime => 8,
            Self::Later { code } => *code,
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.byte(self.code());
        if let Self::Own { word } = self {
            writer.text(word);
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match Self::listed(reader.byte("moment")?) {
            Some(listed) => Ok(listed),
            None => Ok(Self::Own { word: reader.text(MOMENT_TEXT.bytes, "moment")?.to_owned() }),
        }
    }
}

/// What a strategy says: its title, what to do, and for which moments. It lies beside the document, as a message's text
/// does, and is not sealed: whoever comes into the circle later reads it, too.
#[derive(Clone, PartialEq, Eq)]
pub struct StrategyText {
    /// Drawn for this text alone, so that the body's id tells nothing of it once it is erased.
    pub salt: TextSalt,
    /// What it is called.
    pub title: String,
    /// What to do.
    pub text: String,
    /// When it is of use, none twice.
    pub moments: Vec<Moment>,
}

impl fmt::Debug for StrategyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StrategyText(…)")
    }
}

impl StrategyText {
    /// Whether it may be written as it is.
    ///
    /// # Errors
    /// `Empty` for a title or moment in which nothing is to be seen; `TooLong`, of what to do also where it does not fit
    /// beside the rest into a body; `Full` for more than [`MOMENTS_MAX`] moments; `Twice`.
    pub fn check(&self) -> Result<(), EditProblem> {
        check("the title", &self.title, TITLE_TEXT)?;
        for moment in &self.moments {
            if let Moment::Own { word } = moment {
                check("the moment", word, MOMENT_TEXT)?;
            }
        }
        if self.moments.len() > MOMENTS_MAX {
            return Err(EditProblem::Full { what: "moments", max: MOMENTS_MAX });
        }
        if has_twice(&self.moments) {
            return Err(EditProblem::Twice { what: "the moment" });
        }
        let rest = self.encode().len() - self.text.len();
        check_length(
            "what to do",
            &self.text,
            TextLimit { bytes: BODY_BYTES_MAX.saturating_sub(rest), ..STRATEGY_TEXT },
        )
    }

    /// The body: format (1 byte, 3), salt, title and what to do (texts), then a list of moments: its code (1 byte), or 0
    /// and a word of one's own (text).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(FORMAT).raw(&self.salt.0).text(&self.title).text(&self.text).count(self.moments.len());
        self.moments.iter().for_each(|moment| moment.write(&mut writer));
        writer.into_bytes()
    }

    /// Reads a body in its one form.
    ///
    /// # Errors
    /// `Invalid` for another format, as an erased body has, and for a moment that is there twice; `Short`, `TooLarge`,
    /// `Trailing`.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("strategy format")? != FORMAT {
            return Err(DecodeError::Invalid { what: "strategy format" });
        }
        let salt = TextSalt(reader.array("strategy salt")?);
        let title = reader.text(TITLE_BYTES_MAX, "strategy title")?.to_owned();
        let text = reader.text(STRATEGY_TEXT.bytes, "strategy text")?.to_owned();
        let count = reader.count(MOMENTS_MAX, "moments")?;
        let moments = (0..count).map(|_| Moment::read(&mut reader)).collect::<Result<Vec<_>, _>>()?;
        reader.finish("strategy")?;
        if has_twice(&moments) {
            return Err(DecodeError::Invalid { what: "moment" });
        }
        Ok(Self { salt, title, text, moments })
    }
}

fn has_twice(moments: &[Moment]) -> bool {
    moments.iter().enumerate().any(|(at, moment)| moments.iter().take(at).any(|other| other == moment))
}

/// A strategy, without its text: that is in its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strategy {
    /// Its key: the author's actor and a counter.
    pub key: String,
    /// Who wrote it, which the key proves.
    pub author: ActorId,
    /// When, by the author's clock; at most [`TimestampMs::LAST`].
    pub made: TimestampMs,
    /// Its text.
    pub body: BodyId,
    /// The key of the strategy that it was adapted from.
    pub adapted_from: Option<String>,
    /// What each device counts for its person, by actor; none is 0. One person may have several.
    pub helped: Vec<(ActorId, i64)>,
    /// Its author took it back.
    pub taken_back: bool,
    /// A facilitator hides it.
    pub hidden: Option<Hidden>,
}

impl Strategy {
    pub(super) fn new(key: &str, author: ActorId, record: &StrategyRecord<'_>) -> Self {
        Self {
            key: key.to_owned(),
            author,
            made: record.made.shown(),
            body: record.body,
            adapted_from: record.adapted_from.map(str::to_owned),
            helped: Vec::new(),
            taken_back: false,
            hidden: None,
        }
    }

    /// The counter of the op that made it, which its key ends with; the largest number when it does not.
    #[must_use]
    pub fn counter(&self) -> u64 {
        counter_of(&self.key)
    }

    /// Whether it helped the person whose devices write as these.
    #[must_use]
    pub fn has_helped(&self, is_theirs: impl Fn(&ActorId) -> bool) -> bool {
        let theirs = self.helped.iter().filter(|(actor, _)| is_theirs(actor));
        theirs.fold(0, |sum: i64, (_, count)| sum.saturating_add(*count)) > 0
    }
}

/// A toolkit's document as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolkitView {
    /// Oldest first, by when they were written, then key.
    pub strategies: Vec<Strategy>,
    /// Records that this build could not read.
    pub skipped: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(title: &str, text: &str, moments: &[Moment]) -> StrategyText {
        StrategyText {
            salt: TextSalt([9; 16]),
            title: title.to_owned(),
            text: text.to_owned(),
            moments: moments.to_vec(),
        }
    }

    #[test]
    fn a_body_has_its_bytes_and_one_form() {
        let moments =
            [Moment::Panic, Moment::Own { word: "rain".to_owned() }, Moment::AnyTime, Moment::Later { code: 200 }];
        let said = text("Walk", "Out, and on.", &moments);
        let bytes = said.encode();
        let golden =
            [&[3][..], &[9; 16], &[4], b"Walk", &[12], b"Out, and on.", &[4, 1, 0, 4], b"rain", &[8, 200]].concat();
        assert_eq!(bytes, golden);
        assert_eq!(StrategyText::decode(&bytes), Ok(said.clone()));
        for cut in 0..bytes.len() {
            assert!(StrategyText::decode(&bytes[..cut]).is_err(), "{cut}");
        }
        assert!(StrategyText::decode(&[&bytes[..], &[0]].concat()).is_err());
        assert!(StrategyText::decode(&[&[2], &bytes[1..]].concat()).is_err(), "a message's body is none");
        assert!(StrategyText::decode(&text("Walk", "", &[Moment::Anger, Moment::Anger]).encode()).is_err());
        assert!(StrategyText::decode(&text(&"x".repeat(TITLE_BYTES_MAX + 1), "", &[]).encode()).is_err());
        assert!(StrategyText::decode(&text("Walk", "", &vec![Moment::Panic; MOMENTS_MAX + 1]).encode()).is_err());
        assert_eq!(format!("{said:?}"), "StrategyText(…)", "no log has it");
    }

    #[test]
    fn each_moment_of_the_list_is_read_by_its_code() {
        for (at, moment) in Moment::LISTED.iter().enumerate() {
            assert_eq!(usize::from(moment.code()), at + 1);
            let said = text("Walk", "", core::slice::from_ref(moment));
            assert_eq!(StrategyText::decode(&said.encode()), Ok(said));
        }
    }

    #[test]
    fn what_does_not_fit_is_said_in_characters() {
        let over = |said: &StrategyText| match said.check() {
            Err(EditProblem::TooLong { what, over }) => Some((what, over)),
            Err(other) => panic!("{other}"),
            Ok(()) => None,
        };
        assert_eq!(over(&text("Walk", &"o".repeat(2_000), &Moment::LISTED)), None);
        assert_eq!(over(&text("Walk", &"o".repeat(2_003), &[])), Some(("what to do", 3)));
        assert_eq!(over(&text("Walk", &"я".repeat(2_000), &[])), None);
        assert_eq!(over(&text(&"W".repeat(121), "", &[])), Some(("the title", 1)));
        assert_eq!(over(&text("Walk", "", &[Moment::Own { word: "r".repeat(42) }])), Some(("the moment", 2)));
        // Wherever the bytes are met first, the whole fits into a body when what is too much is left out.
        let words: Vec<Moment> =
            (0..MOMENTS_MAX).map(|at| Moment::Own { word: format!("{at}{}", "ж".repeat(39)) }).collect();
        for title in ["Walk".to_owned(), "क\u{94d}षि".repeat(120)] {
            let mut said = text(&title, &"語".repeat(2_000), &words);
            let (_, too_much) = over(&said).unwrap();
            said.text = "語".repeat(2_000 - too_much);
            assert_eq!(over(&said), None);
            let len = said.encode().len();
            assert!((BODY_BYTES_MAX - 3..=BODY_BYTES_MAX).contains(&len), "{len}");
        }
    }

    #[test]
    fn a_strategy_says_something_and_nothing_twice() {
        assert_eq!(text(" \u{200b}", "Out.", &[]).check(), Err(EditProblem::Empty { what: "the title" }));
        let blank = [Moment::Own { word: " ".to_owned() }];
        assert_eq!(text("Walk", "", &blank).check(), Err(EditProblem::Empty { what: "the moment" }));
        let twice = [Moment::Alone, Moment::Anger, Moment::Alone];
        assert_eq!(text("Walk", "", &twice).check(), Err(EditProblem::Twice { what: "the moment" }));
        let many: Vec<Moment> = (10..19).map(|code| Moment::Later { code }).collect();
        let full = EditProblem::Full { what: "moments", max: MOMENTS_MAX };
        assert_eq!(text("Walk", "", &many).check(), Err(full));
    }
}
