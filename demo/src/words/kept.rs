/// With whom somebody takes something on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// Amina, by herself.
    Hers,
    /// Amina, who asked one of her people, by their place among them.
    WithHer(usize),
    /// One of her people, who asked her.
    AskedHer(usize),
}

/// Something that was taken on.
pub(crate) struct Taken {
    pub(crate) whose: Whose,
    pub(crate) words: &'static str,
    /// The days of the week, Monday's bit the lowest; 0 for none.
    pub(crate) days: u8,
    /// How many weeks ago it began; as long as the circle where that is shorter.
    pub(crate) weeks: u32,
    /// How many weeks ago it was done with; none while it goes on.
    pub(crate) ended: Option<u32>,
    /// What is noted with an attempt: with one that was done, one that was tried, one that was not this time.
    pub(crate) notes: [&'static [&'static str]; 3],
}

pub(crate) const TAKEN: [Taken; 4] = [
    Taken {
        whose: Whose::Hers,
        words: "Eat breakfast sitting down before I look at the phone",
        days: 0b000_1001,
        weeks: 104,
        ended: None,
        notes: [
            &["Bread and an egg. The cat watched.", "With Halima, and we talked.", "Sat by the window."],
            &["Sat down, but with the phone.", "Tea at least."],
            &["Overslept.", "Couldn’t get anything down."],
        ],
    },
    Taken {
        whose: Whose::Hers,
        words: "Write to my brother, one page, even a bad one",
        days: 0,
        weeks: 30,
        ended: Some(12),
        notes: [
            &["A page and a half. Posted it before I could read it again."],
            &["Three lines. They were true."],
            &["Not yet. It lies on the table."],
        ],
    },
    Taken {
        whose: Whose::WithHer(0),
        words: "Call before I walk past the shop, not after",
        days: 0b001_0000,
        weeks: 26,
        ended: None,
        notes: [
            &[
                "Called from the corner. He was in the bath and picked up all the same.",
                "Called, and took the other street.",
            ],
            &["Called after. But I called.", "Rang once and put it away, then wrote."],
            &["Walked past. Nothing happened, and I was shaking.", "Forgot until I was home."],
        ],
    },
    Taken {
        whose: Whose::AskedHer(0),
        words: "Saturday mornings at the allotment, whatever the weather",
        days: 0b010_0000,
        weeks: 40,
        ended: None,
        notes: [
            &["Leeks in. Hands like ice.", "Two hours, and coffee from the flask.", "Slugs: nine. Us: two."],
            &["Only as far as the gate, then the rain came.", "Half an hour. It was enough."],
            &["The knee.", "Slept. I needed it."],
        ],
    },
];

/// What Nadia asks her, who has not answered yet.
pub(crate) const ASKED: &str = "Open the round on Thursday, and I sit next to you";

/// A story that Kofi told her alone: its title, and the words.
pub(crate) const TOLD_HER: [&str; 2] = [
    "The other Kofi",
    "I had a brother of my name, born before me. I drank to him every year, and then on all the other days. This year I planted him a row of beans instead. You’re the first I tell.",
];
