use super::Talk;

pub(super) const EVENINGS: &[Talk] = &[
    &[
        (
            0,
            &[
                "It is {time} and the shop is still open.",
                "Sitting in the car in front of the shop. I have not gone in.",
            ],
        ),
        (
            1,
            &["I am here. What can you see from where you are?", "Stay with us. Tell me five things that you can see."],
        ),
        (
            0,
            &[
                "A cat. A red bicycle. The sign. My hands.",
                "The bakery, closed. A boy with a ball. Rain on the windscreen.",
            ],
        ),
        (
            1,
            &[
                "Good. And now drive to the corner, only to the corner.",
                "Good. Now breathe out longer than in. Ten times.",
            ],
        ),
        (0, &["I am home. I am making {food}. Thank you.", "Drove on. I am shaking a little, but I am at home."]),
        (2, &["Well done. Really.", "That was strong. Sleep well, and write in the morning."]),
    ],
    &[
        (
            0,
            &[
                "Not good tonight. Nothing has happened, it is only loud in my head.",
                "The house is so quiet since {day}.",
            ],
        ),
        (1, &["Want to talk, or shall we just write about something else?", "I know that quiet. Shall I call you?"]),
        (0, &["Something else, please. Anything.", "Writing is better, I would only cry."]),
        (
            1,
            &[
                "My goat has eaten the neighbour's hat. The straw one. With the ribbon.",
                "Then I will tell you about the bus driver today, who drove the whole line singing.",
            ],
        ),
        (2, &["With the ribbon!!", "Which one is that? I want that bus."]),
        (0, &["I had to laugh out loud, alone in the kitchen. Thank you.", "It is better now. You are good people."]),
    ],
    &[
        (
            0,
            &[
                "Dreamt again that I drank. Woke up and searched the flat for the bottle.",
                "That dream again. I still had the taste in my mouth.",
            ],
        ),
        (1, &["I have that too. It was a dream. You did not drink.", "They come for a year or so. Mine became fewer."]),
        (0, &["How long until one believes it in the morning?", "It feels like having done it."]),
        (
            3,
            &[
                "With me: coffee, window open, and say the number of days out loud.",
                "But you were frightened, and that is worth something. The old you would have been disappointed that it was only a dream.",
            ],
        ),
        (0, &["{days}. I have said it. The pigeon looked at me.", "I had not seen it that way. Thank you."]),
    ],
    &[
        (
            0,
            &[
                "Quarrel at home. I am standing {place}.",
                "I walked out before I said something. Standing {place} now, in slippers.",
            ],
        ),
        (1, &["Good that you went. Are you warm enough?", "Slippers are fine. Nobody looks at feet."]),
        (0, &["It is all right. I am walking up and down.", "My phone is at nine per cent."]),
        (
            1,
            &[
                "Walk until it is smaller than you. Then go home and say: I needed air.",
                "Then quickly: whom will you call if it runs out? Go to {a}, there is a light on.",
            ],
        ),
        (
            0,
            &[
                "I am back. I said that about the air. It was all right.",
                "I went there. We had tea. It is all right now.",
            ],
        ),
    ],
    &[
        (
            0,
            &[
                "Pay day. I have given the money to my sister, as agreed.",
                "Pay day and everybody goes for one. I said the sentence that we practised.",
            ],
        ),
        (1, &["That is the plan working.", "And? What did they say?"]),
        (0, &["It feels silly and it feels good.", "Nothing! They talked about football. All that fear for nothing."]),
        (2, &["Silly and good is my favourite mixture.", "They think about us much less than we believe."]),
    ],
    &[
        (0, &["Can't sleep. It is {time}.", "Awake again. Anyone?"]),
        (1, &["Awake too. Tea?", "Here. The moon is enormous, go and look."]),
        (0, &["Chamomile, like an old aunt.", "You are right. Enormous."]),
        (1, &["Old aunts know things.", "Now put the phone in the kitchen. I do the same. See you in the morning."]),
        (0, &["Good night, then.", "Good night. Phone is going to the kitchen."]),
    ],
    &[
        (
            0,
            &[
                "I have to say it here: I drank {day}. Three glasses. I poured the rest away.",
                "I was not honest on Thursday. I had drunk the evening before.",
            ],
        ),
        (
            1,
            &[
                "Thank you for saying it. That is the hard part and you have done it.",
                "It takes courage to write that. I am not disappointed, I am glad that you are here.",
            ],
        ),
        (
            2,
            &[
                "It does not take the {days} days away from you. Nobody can.",
                "Are you safe tonight? Is somebody with you?",
            ],
        ),
        (0, &["I am so ashamed.", "My brother is here. I am all right."]),
        (
            1,
            &[
                "I know. It says that you are alone with it, and you see that it lies.",
                "Tomorrow at eight I ring your bell and we walk. No talking needed.",
            ],
        ),
        (0, &["Thank you. I come on Thursday.", "All right. Eight."]),
    ],
    &[
        (
            0,
            &[
                "The neighbours are celebrating. One can smell it through the wall.",
                "Wedding next door. They brought a bottle over, meant kindly. It is standing in front of my door.",
            ],
        ),
        (
            1,
            &[
                "Come over, I have made far too much {food}.",
                "Do not pick it up. I am coming by in ten minutes and take it away.",
            ],
        ),
        (0, &["Really?", "You would do that?"]),
        (1, &["Really. Bring a chair, I only have two.", "I have my shoes on already."]),
        (2, &["I also want {food}.", "That is what I call delivery service."]),
    ],
];
