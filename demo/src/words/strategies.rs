use kith_shared::document::Moment;

/// What helps somebody, as they wrote it down for the others.
pub(crate) struct Way {
    /// Who wrote it, by their place among the names.
    pub(crate) person: usize,
    /// In the week of which session.
    pub(crate) week: usize,
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    pub(crate) moments: &'static [Moment],
    /// A moment in their own words.
    pub(crate) own: Option<&'static str>,
    /// Which of the ways before it they made it from.
    pub(crate) adapted_from: Option<usize>,
    /// Whom it helped.
    pub(crate) helped: &'static [usize],
}

pub(crate) const WAYS: [Way; 8] = [
    Way {
        person: 3,
        week: 4,
        title: "Five things I can see",
        text: "Say out loud five things you can see, four you can touch, three you can hear, two you can smell and one you can taste. Go slowly. If your head runs off, begin again at five.",
        moments: &[Moment::Panic, Moment::Flashback],
        own: None,
        adapted_from: None,
        helped: &[1, 7, 8, 10],
    },
    Way {
        person: 0,
        week: 7,
        title: "Call before, call after",
        text: "Before a hard talk I call somebody from the circle and say in one sentence what I want to say. Afterwards I call again, however it went. Knowing that the second call is coming makes the first sentence easier.",
        moments: &[Moment::HardTalk],
        own: None,
        adapted_from: None,
        helped: &[2, 9, 12],
    },
    Way {
        person: 4,
        week: 11,
        title: "Round the field at dusk",
        text: "The hour after work is the worst, so I don't go straight home. Boots on, once round the field, no phone in my hand. By the time I am back at the gate it is nearly dinner, and the worst is over.",
        moments: &[Moment::Craving, Moment::Alone],
        own: None,
        adapted_from: None,
        helped: &[3, 5, 6],
    },
    Way {
        person: 7,
        week: 15,
        title: "A chair by the window",
        text: "When I have been awake for half an hour I get up. A chair by the window, a blanket, something warm to drink, the small lamp. I go back to bed when my eyes get heavy, and I don't look at the clock.",
        moments: &[Moment::Sleepless],
        own: None,
        adapted_from: None,
        helped: &[1, 10, 11],
    },
    Way {
        person: 8,
        week: 19,
        title: "Five things on the bus",
        text: "On the bus I can't talk to myself, so I count on my fingers, in my pocket: five colours, four sounds, three things under my hands. By my stop it has mostly passed.",
        moments: &[Moment::Panic],
        own: Some("Among strangers"),
        adapted_from: Some(0),
        helped: &[3, 11],
    },
    Way {
        person: 11,
        week: 24,
        title: "The kitchen timer",
        text: "A craving climbs for about twenty minutes and then lets go. I set the kitchen timer and do the dishes until it rings. If it is still there, I call somebody and set the timer again.",
        moments: &[Moment::Craving],
        own: None,
        adapted_from: None,
        helped: &[2, 4, 5, 12],
    },
    Way {
        person: 5,
        week: 30,
        title: "Round the block with the dog",
        text: "I have no field, but my neighbour has a dog. He doesn't mind what kind of day I had. Twice round the block, and then I bring him home and stay a moment for tea.",
        moments: &[Moment::Craving, Moment::Alone, Moment::AnyTime],
        own: None,
        adapted_from: Some(2),
        helped: &[4],
    },
    Way {
        person: 6,
        week: 38,
        title: "Hands in dough",
        text: "When I am angry I bake. Kneading takes twenty minutes, and I can push as hard as I like. At the end there is bread, and nobody at home minds that I was angry.",
        moments: &[Moment::Anger],
        own: None,
        adapted_from: None,
        helped: &[8, 9],
    },
];
