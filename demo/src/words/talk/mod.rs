mod evenings;
mod everyone;
mod good_news;
mod practical;

use evenings::EVENINGS;
use everyone::EVERYONE;
use good_news::GOOD_NEWS;
use practical::PRACTICAL;

/// A conversation: who speaks (0 begins it), and what, in one of several ways.
pub(crate) type Talk = &'static [(u8, &'static [&'static str])];

/// What braces in a message stand for.
pub(crate) const SLOTS: [(&str, &[&str]); 6] = [
    (
        "{food}",
        &[
            "lentil soup",
            "flat bread",
            "a bean stew",
            "rice with egg",
            "pumpkin soup",
            "fried plantain",
            "a plum cake",
            "potatoes and quark",
        ],
    ),
    (
        "{place}",
        &[
            "by the river",
            "up at the reservoir",
            "behind the school",
            "at the market",
            "along the railway",
            "in the allotments",
            "on the church steps",
        ],
    ),
    ("{child}", &["my youngest", "my daughter", "my son", "my grandson", "my niece", "the little one next door"]),
    ("{day}", &["Sunday", "Friday", "Saturday", "pay day", "yesterday", "Tuesday"]),
    ("{time}", &["half past six", "nine", "three in the morning", "a quarter to eight", "just after work", "midnight"]),
    ("{days}", &["12", "19", "23", "30", "41", "57", "64", "88", "100", "119", "150", "200"]),
];

/// The threads with their titles (the circle's own has none) and what is talked about in them.
pub(crate) const THREADS: [(&str, &[Talk]); 4] = [
    ("", EVERYONE),
    ("When evenings are hard", EVENINGS),
    ("Good news", GOOD_NEWS),
    ("Rides and practical things", PRACTICAL),
];

/// What anybody may say at the end.
pub(crate) const REPLIES: [&str; 28] = [
    "Thank you for writing this.",
    "I am thinking of you.",
    "That touched me.",
    "I know this so well.",
    "Good that we have this place.",
    "Reading this late, but reading it.",
    "Until Thursday!",
    "You are not alone with it.",
    "One day, and then the next one.",
    "I have read it twice.",
    "I had no network for two days, only now catching up with all of this. You are a great lot.",
    "Same with me, almost word for word.",
    "Let us talk about that on Thursday, shall we?",
    "I take that with me into the week.",
    "How are you today?",
    "And? How did it go on?",
    "Well said.",
    "I needed exactly that today.",
    "Small steps are steps.",
    "I will ask you about it on Thursday, be warned.",
    "That makes me glad.",
    "A hug, if you want one.",
    "You say it better than I could.",
    "I put the kettle on for all of us, in spirit.",
    "Courage.",
    "Look how far you have come.",
    "I keep my fingers crossed.",
    "From up here in the village: greetings, and the stars are out.",
];
