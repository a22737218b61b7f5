use std::fmt;

/// Why something can't be packed or unpacked. Only fetching it again helps, and that only when it came broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackError {
    /// It does not begin as a packed module of this version does.
    NotPacked,
    /// The module is, or says that it is, above [`crate::MODULE_BYTES_MAX`].
    TooLarge,
    /// It ends before the module does.
    TooShort,
    /// Something follows the module.
    TooLong,
    /// What was unpacked is not what was packed.
    Broken,
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotPacked => "this is no packed module of this version; fetch it anew",
            Self::TooLarge => "the module has more than 16 MiB, the most that can be packed",
            Self::TooShort => "the packed module ends too early; fetch the rest",
            Self::TooLong => "something follows the packed module; fetch it anew",
            Self::Broken => "the packed module was changed on its way; fetch it anew",
        })
    }
}

impl std::error::Error for PackError {}
