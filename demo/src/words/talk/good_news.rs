use super::Talk;

pub(super) const GOOD_NEWS: &[Talk] = &[
    &[
        (0, &["{days} days today!", "It says {days} on my calendar, and I have drawn a sun beside it."]),
        (1, &["Bravo!", "Look at that!"]),
        (
            2,
            &[
                "I remember day one. You sat by the door with your coat on.",
                "You said then that you would never get to ten.",
            ],
        ),
        (0, &["I still have the coat.", "I say many things."]),
    ],
    &[
        (
            0,
            &[
                "The results are here. The liver values are almost normal.",
                "The doctor looked at the paper and then at me and smiled. Almost normal!",
            ],
        ),
        (1, &["Oh how good!", "I have waited for this message all day."]),
        (3, &["The body forgives a lot. Celebrate with {food}.", "That is your work. Every single evening of it."]),
    ],
    &[
        (
            0,
            &[
                "I have got the job. Early shift, from Monday.",
                "They called. I can start on Monday, three days a week for now.",
            ],
        ),
        (1, &["Congratulations! The early shift is made for you.", "Three days is just right for a beginning."]),
        (
            0,
            &[
                "I had to tell them about the gap. They only asked if I can get up at five.",
                "I told the truth about last year. The woman said: my brother too.",
            ],
        ),
        (2, &["And can you?", "You see. There is one of us in every family."]),
        (0, &["Since I stopped, I can do nothing else.", "It seems so."]),
    ],
    &[
        (
            0,
            &[
                "{child} stayed overnight with me. First time. We had {food} and both fell asleep at eight.",
                "I was allowed to take {child} to school, alone. Such a small thing and my heart was in my throat.",
            ],
        ),
        (1, &["That is no small thing.", "I am so happy for you that I have to sit down."]),
        (2, &["Was there snoring?", "And tomorrow again?"]),
        (0, &["From one of us. I was told it was me.", "And tomorrow again."]),
    ],
    &[
        (
            0,
            &[
                "The beans are coming up. All of them. I counted.",
                "The first tomato. I have photographed it from every side.",
            ],
        ),
        (1, &["How many?", "We expect a full report."]),
        (0, &["Thirty-one. I am insufferable.", "Small, red, slightly crooked. Like me."]),
        (2, &["Please stay that way.", "I want seeds in autumn."]),
    ],
    &[
        (
            0,
            &[
                "I went to the festival, sober, danced, and was home at ten.",
                "Was at the wedding. Lemonade, two dances, home by eleven. It can be done.",
            ],
        ),
        (1, &["Danced!", "Was it bad when they raised the glasses?"]),
        (0, &["Badly. But danced.", "One minute. I went out and looked at the cars. Then it was over."]),
        (3, &["I would have liked to see that.", "Looking at cars. I will remember that."]),
    ],
    &[
        (
            0,
            &[
                "Last instalment paid. I owe nobody anything.",
                "I have paid the shop back. She did not want to take it and then we both had something in our eyes.",
            ],
        ),
        (1, &["How does it feel?", "Oh, that is lovely."]),
        (0, &["Like having taken off a wet coat.", "As if I could use that street again. I can, now."]),
        (2, &["Then walk about a bit without it.", "Streets are coming back. That was the same with me."]),
    ],
    &[
        (
            0,
            &[
                "Read a whole book. From front to back. First one since school.",
                "I sang in the choir {day}. Second row, quietly, but I sang.",
            ],
        ),
        (1, &["Which one?", "I heard! That was you on the left?"]),
        (0, &["The one about the lighthouse keeper. It is about us, really.", "On the left, behind the tall one."]),
        (2, &["May I have it next?", "It sounded fuller than last year, my mother said so too."]),
    ],
];
