/// The lines of the agreement, as they were written when the circle began.
pub(crate) const AGREEMENT: [&str; 6] = [
    "What is said here stays here.",
    "We speak for ourselves and from our own lives.",
    "Nobody has to speak. Nobody is interrupted.",
    "We do not give advice unless we are asked for it.",
    "Come as you are, and come sober. If you could not stay sober, come anyway and say so.",
    "If you are in danger, tell one of us tonight. Do not wait for Thursday.",
];

/// A line that was added on the way.
pub(crate) const ADDED: &str = "No names of shops, no prices. Some of us would find the way there.";

/// Who agreed to the first lines and has not met the added one, and who has not said anything yet.
pub(crate) const AGREED_BEFORE: [usize; 2] = [9, 11];
pub(crate) const NOT_AGREED: [usize; 1] = [12];

pub(crate) const OPENING: &str =
    "We light the lamp, breathe three times together, and each says one word for how they came.";
pub(crate) const CLOSING: &str =
    "Each says one thing to take home. Then the lamp goes out, and we put the chairs back.";

/// What somebody does for the circle; nobody does the last one yet.
pub(crate) const ROLES: [(&str, Option<usize>); 4] = [
    ("Keeps time", Some(5)),
    ("Unlocks the room and lights the stove", Some(6)),
    ("Welcomes whoever is new", Some(3)),
    ("Brings the tea", None),
];

/// Who wrote what the facilitator hid; what it was; what she said then.
pub(crate) const HIDDEN: (usize, &str, &str) = (
    8,
    "There’s a man at the market, behind the fish, who sells the strong tablets without asking. Five for twenty.",
    "I’ve hidden what Samir wrote just now: where to get something doesn’t belong here, and we agreed so. He’s still one of us, and he’s sitting here with me drinking tea. Come on Thursday, Samir.",
);

/// What somebody told the circle.
pub(crate) struct Telling {
    /// Who, by their place among the names.
    pub(crate) person: usize,
    /// How much of the circle's time had gone by, in hundredths.
    pub(crate) at: u64,
    /// A story's title; none for a milestone.
    pub(crate) title: Option<&'static str>,
    pub(crate) text: &'static str,
    /// Until how many days from now it is shown; none for no end.
    pub(crate) days: Option<u64>,
    /// Who said something to it.
    pub(crate) with: &'static [usize],
}

const fn story(person: usize, at: u64, title: &'static str, text: &'static str, with: &'static [usize]) -> Telling {
    Telling { person, at, title: Some(title), text, days: None, with }
}

const fn milestone(person: usize, at: u64, text: &'static str, with: &'static [usize]) -> Telling {
    Telling { person, at, title: None, text, days: None, with }
}

/// What was told, from the first week to the last.
pub(crate) const TOLD: [Telling; 12] = [
    story(
        6,
        6,
        "The Tuesday bus",
        "For two years I got off one stop early, because of the kiosk. In March I stayed sitting. Nobody on that bus knows what happened there. I still get off at the right stop, and I still count it.",
        &[1, 3, 7, 10],
    ),
    milestone(5, 14, "I slept in my own bed, all of a week.", &[0, 3]),
    story(
        3,
        22,
        "My mother’s coat",
        "I sold it when I was drinking. Last winter I saw one like it on a woman at the market and cried behind the onions. She asked me what was wrong, and I told her. She let me hold the sleeve for a moment. That is all. I wanted to tell it where nobody asks how it goes on.",
        &[1, 2, 5, 6, 8],
    ),
    milestone(2, 31, "My daughter gave me the house key back.", &[0, 1, 4, 6, 12]),
    milestone(1, 38, "Thirty mornings that I remember.", &[6, 0, 5]),
    story(
        8,
        47,
        "What I say at weddings",
        "First year: I stayed away. Second year: I said that I was on tablets. This year I said no thank you, and that was the whole sentence. My uncle waited for the rest of it. There wasn’t any.",
        &[1, 9],
    ),
    milestone(4, 55, "First day at the new work. I was early.", &[0, 6, 7, 10]),
    milestone(10, 64, "I went back after I had stopped coming. Nobody made a face.", &[0, 1, 3, 6, 9]),
    story(
        7,
        72,
        "The third month",
        "Everyone tells you of the first days. The third month is when it is quiet and you stand in the kitchen and ask: and now? I bought seeds. They came up crooked and I was absurdly proud. If you are in your third month, buy seeds.",
        &[1, 2, 11],
    ),
    milestone(1, 81, "I told my brother. All of it, at his table.", &[0, 5, 6, 3, 8]),
    Telling {
        person: 1,
        at: 90,
        title: Some("How the dough came back"),
        text: "My mother baked on Fridays, and I stopped when she died, because my hands shook. This Friday they didn’t. I made her flat bread, burnt the first two, and took the third to Halima while it was warm. She said nothing and ate it standing. I’m telling you because you were there on the Thursdays before.",
        days: Some(60),
        with: &[6, 0, 3, 7],
    },
    milestone(6, 97, "A hundred Saturdays at the allotment. The slugs have lost count.", &[1, 4]),
];
