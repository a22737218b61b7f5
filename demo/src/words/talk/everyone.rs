use super::Talk;

pub(super) const EVERYONE: &[Talk] = &[
    &[
        (
            0,
            &[
                "Thank you all for Thursday. I said more than I wanted to and slept like a stone.",
                "Still thinking about what was said on Thursday. It did me good to hear it from somebody else.",
            ],
        ),
        (
            1,
            &[
                "I was so glad that you said it. I went home less alone.",
                "Same here. I told my wife about it, without names of course.",
            ],
        ),
        (2, &["It was a good evening. Hard, but good.", "You looked lighter when you left."]),
        (0, &["See you next week, then. I will bring {food}.", "I will be there. Front row."]),
    ],
    &[
        (
            0,
            &[
                "Does anyone else feel worse when things go well? I keep waiting for the blow.",
                "Strange week. Nothing bad happened and I am on edge all the time.",
            ],
        ),
        (
            1,
            &[
                "Yes. My head does not believe in good weather.",
                "Every time. I think it is the old alarm, it does not know the war is over.",
            ],
        ),
        (
            3,
            &[
                "For me it helped to say: today is today. Only that.",
                "I write down what went well so that I cannot talk it away at night.",
            ],
        ),
        (0, &["An old alarm, I like that. I will tell it to go back to sleep.", "Thank you. I read this three times."]),
    ],
    &[
        (
            0,
            &[
                "{child} asked me why I do not come to the festival any more. I did not know what to say.",
                "Had to explain to {child} where I go on Thursdays.",
            ],
        ),
        (
            1,
            &[
                "Mine asked too. I said: I go where people help each other not to get ill again. That was enough.",
                "I said that I am learning something difficult, and that I have good teachers.",
            ],
        ),
        (2, &["They understand more than we think.", "Children mostly want to know if you come back. You do."]),
        (
            0,
            &[
                "That is a good sentence. I will take it.",
                "I told it just like that. The answer was: can I have your chocolate, then. So all is well.",
            ],
        ),
    ],
    &[
        (
            0,
            &[
                "Today is the anniversary of my mother. I wanted somebody to know.",
                "A year ago today I was in the ward. Funny to stand at the stove now and stir {food}.",
            ],
        ),
        (1, &["Thinking of you.", "I am glad that you wrote it."]),
        (2, &["What was she like?", "A year. Look at you."]),
        (
            0,
            &[
                "She sang while hanging up the washing. All the neighbours knew her repertoire.",
                "I look, and I do not quite believe it.",
            ],
        ),
        (3, &["Then sing something today.", "We believe it for you, until you do."]),
    ],
    &[
        (
            0,
            &[
                "I was not there on Thursday. I could not get out of the door. Sorry.",
                "Sorry that I left early. It was too much for me this time.",
            ],
        ),
        (
            1,
            &[
                "No sorry needed. The chair was there and stays there.",
                "You do not have to explain. Good that you write.",
            ],
        ),
        (2, &["We missed you, and that is all.", "Would you like to walk a little tomorrow, {place}?"]),
        (0, &["Thank you. Next week I try again.", "Yes, that would be good."]),
    ],
    &[
        (
            0,
            &[
                "Question for those who are further along: when did the sugar hunger stop?",
                "How long did it take until food tasted of something again?",
            ],
        ),
        (
            1,
            &[
                "Four months. I bake now, as you know. It has not stopped, it has found a purpose.",
                "Around day {days}, if I remember. Dates helped.",
            ],
        ),
        (
            2,
            &[
                "It never did with me, and I have decided not to fight on two fronts.",
                "It comes and goes. {food} helps more than sweets, oddly.",
            ],
        ),
        (0, &["On two fronts! I am going to hang that up.", "Good to know. Then I shall enjoy it in peace."]),
    ],
    &[
        (
            0,
            &[
                "I read the note from the session again. I had forgotten half of it. Thank you for writing it down.",
                "I could not come, but I read the note. It is almost like having been there.",
            ],
        ),
        (
            1,
            &[
                "I added a bit at the end, about the bus. Please look whether that is right.",
                "I corrected the date and put my own sentence in, hope that is all right.",
            ],
        ),
        (2, &["That is what it is there for.", "It is everyone's. Write into it."]),
    ],
    &[
        (
            0,
            &[
                "My sister called, after two years. We talked about the weather for ten minutes and both cried at the end.",
                "My father shook my hand {day}. Nothing was said. You must know that he does not shake hands.",
            ],
        ),
        (1, &["The weather is a very important subject.", "I have goose bumps."]),
        (2, &["Ten minutes! That is a great deal.", "Some things do not need any words at all."]),
        (0, &["I thought so too.", "I have not washed it since. The hand. I am joking."]),
        (3, &["Thank you for telling us this.", "I am so happy for you."]),
    ],
];
