//! Helplines: whom people can call or text, and what the organisation says of them in a circle.

use crate::codec::{DecodeError, Reader, Writer};
use crate::time::Day;

/// Most bytes of a helpline's name, region, hours or language.
pub const HELPLINE_BYTES_MAX: usize = 1_920;
/// Most characters of a number.
pub const NUMBER_CHARS_MAX: usize = 40;
/// Most helplines that the organisation says in one circle.
pub const ORGANISATION_HELPLINES_MAX: usize = 16;
/// Most bytes of all of them, as they are written: with the rest they fit into a statement.
pub const ORGANISATION_HELPLINES_BYTES_MAX: usize = 3 * 1_024;

const HELPLINES: &str = "helplines";
const NUMBER: &str = "helpline's number";
const CHECKED: &str = "day that a helpline was checked";

/// A number to call or text, as whoever knows it wrote it down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Helpline {
    /// What it is called; never empty.
    pub name: String,
    /// The number to call; empty for none.
    pub phone: String,
    /// The number to text; empty for none, and then there is one to call.
    pub sms: String,
    /// Where it is for, such as a country; may be empty, as may what follows.
    pub region: String,
    /// When somebody answers, in words.
    pub hours: String,
    /// In which languages.
    pub language: String,
    /// The day on which somebody last made sure that all of it is right.
    pub checked: Option<Day>,
}

/// Whether a text is a number, or none: digits, spaces and `+ * # - ( ) / .`, with a digit among them, and at most
/// [`NUMBER_CHARS_MAX`] of them.
#[must_use]
pub fn is_number(text: &str) -> bool {
    let is_digit = |sign: u8| sign.is_ascii_digit();
    let is_of_signs = text.bytes().all(|sign| is_digit(sign) || b" +*#-()/.".contains(&sign));
    text.len() <= NUMBER_CHARS_MAX && is_of_signs && (text.is_empty() || text.bytes().any(is_digit))
}

impl Helpline {
    fn write(&self, writer: &mut Writer) {
        for text in [&self.name, &self.phone, &self.sms, &self.region, &self.hours, &self.language] {
            writer.text(text);
        }
        writer.number(self.checked.map_or(0, |day| day.0.into()));
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let text = |reader: &mut Reader<'_>, max, what| reader.text(max, what).map(str::to_owned);
        Ok(Self {
            name: text(reader, HELPLINE_BYTES_MAX, "helpline's name")?,
            phone: text(reader, NUMBER_CHARS_MAX, NUMBER)?,
            sms: text(reader, NUMBER_CHARS_MAX, NUMBER)?,
            region: text(reader, HELPLINE_BYTES_MAX, "helpline's region")?,
            hours: text(reader, HELPLINE_BYTES_MAX, "helpline's hours")?,
            language: text(reader, HELPLINE_BYTES_MAX, "helpline's language")?,
            checked: Some(Day(reader.number_as(CHECKED)?)).filter(|day| day.0 != 0),
        })
    }

    fn check_form(&self) -> Result<(), DecodeError> {
        let invalid = |what| Err(DecodeError::Invalid { what });
        if self.name.trim().is_empty() {
            return invalid("helpline's name");
        }
        let numbers = [&self.phone, &self.sms];
        if !numbers.iter().all(|number| is_number(number)) || numbers.iter().all(|number| number.is_empty()) {
            return invalid(NUMBER);
        }
        if self.checked.is_none_or(Day::is_allowed) { Ok(()) } else { invalid(CHECKED) }
    }
}

/// The helplines that the organisation says in a circle, all of them: what it said before holds no more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Helplines(pub Vec<Helpline>);

impl Helplines {
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.count(self.0.len());
        self.0.iter().for_each(|helpline| helpline.write(writer));
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = reader.count(ORGANISATION_HELPLINES_MAX, HELPLINES)?;
        (0..count).map(|_| Helpline::read(reader)).collect::<Result<_, _>>().map(Self)
    }

    /// Whether it may be said: each helpline has a name and a number, a day that may be written, and all of them fit.
    ///
    /// # Errors
    /// `TooLarge` with the bound that they do not fit; `Invalid` with the part that is wrong.
    pub fn check_form(&self) -> Result<(), DecodeError> {
        if self.0.len() > ORGANISATION_HELPLINES_MAX {
            return Err(DecodeError::TooLarge { what: HELPLINES, max: ORGANISATION_HELPLINES_MAX });
        }
        let mut writer = Writer::new();
        self.write(&mut writer);
        if writer.len() > ORGANISATION_HELPLINES_BYTES_MAX {
            return Err(DecodeError::TooLarge { what: HELPLINES, max: ORGANISATION_HELPLINES_BYTES_MAX });
        }
        self.0.iter().try_for_each(Helpline::check_form)
    }
}
