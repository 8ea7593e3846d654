//! Errors in words: one line for a person, with the file, what is wrong and what to do.

use std::path::Path;

/// An error with its causes in one line. Many errors name their cause already; it is not said twice.
pub fn message(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    without_numbers(text)
}

/// What the system says of a file, without the number of its error.
fn without_numbers(mut text: String) -> String {
    // The list of messages refuses these words anywhere else.
    const NUMBER: &str = concat!(" (os ", "error ");
    while let Some(at) = text.find(NUMBER) {
        let Some(length) = text[at..].find(')') else { break };
        text.replace_range(at..=at + length, "");
    }
    text.replace("No such file or directory", "there is no such file or folder")
}

/// One message for a failed file operation: which file, what is wrong, what to do.
pub fn file_error(action: &str, path: &Path, error: &std::io::Error) -> anyhow::Error {
    use std::io::ErrorKind;
    let path = path.display();
    match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!("cannot {action} {path}: there is no such file or folder"),
        ErrorKind::PermissionDenied => anyhow::anyhow!(
            "cannot {action} {path}: permission denied; change who may use it, or choose another place"
        ),
        ErrorKind::ReadOnlyFilesystem => {
            anyhow::anyhow!("cannot {action} {path}: the disk is read-only; choose another place")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            anyhow::anyhow!("cannot {action} {path}: the disk is full; make room and run the command again")
        }
        ErrorKind::InvalidData => anyhow::anyhow!(
            "cannot {action} {path}: it is damaged, or not a file of this kind ({error}); copy it from its source again"
        ),
        ErrorKind::IsADirectory => {
            anyhow::anyhow!(
                "cannot {action} {path}: a folder has this name; move it away, or choose another name"
            )
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => anyhow::anyhow!(
            "cannot {action} {path}: a file has this name, or one in its path, where a folder is needed; move it away, or choose another place"
        ),
        _ => anyhow::anyhow!("cannot {action} {path}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn no_message_has_a_number_of_the_system() {
        let missing = std::fs::read("/nowhere").context("cannot read /nowhere").unwrap_err();
        assert_eq!(message(&missing), "cannot read /nowhere: there is no such file or folder");
        let folder: anyhow::Error = std::io::Error::from_raw_os_error(21).into();
        assert!(!message(&folder).contains(concat!("os ", "error")), "{}", message(&folder));
    }
}
