//! The command line as the history of a case keeps it: without paths and identifiers, which may name a patient.

use anyhow::{Result, bail};
use clap::builder::ValueParser;
use clap::{ArgMatches, Command};
use coxa_case::trail::Invocation;
use std::path::Path;

/// Options that name a patient, a study or a person.
const IDENTIFIERS: [&str; 2] = ["series", "user"];

/// The command line of these matches.
pub fn of(program: &Command, matches: &ArgMatches, user: Option<String>) -> Invocation {
    let mut words = vec![program.get_name().to_owned()];
    add(program, matches, &mut words);
    Invocation { command: words.join(" "), user }
}

/// Refuses inputs that are pipes or devices: they have no end, and cannot be read twice.
///
/// # Errors
/// The first of them, with what to do.
pub fn refuse_pipes(program: &Command, matches: &ArgMatches) -> Result<()> {
    for arg in
        program.get_arguments().filter(|arg| is_path(arg.get_value_parser()) && arg.get_id() != "output")
    {
        let values = matches.get_raw(arg.get_id().as_str()).into_iter().flatten();
        for path in values.map(Path::new) {
            let is_other = std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
            if is_other {
                bail!("{} is a pipe or device; write what it gives to a file and name that", path.display());
            }
        }
    }
    match matches.subcommand().and_then(|(name, matches)| Some((program.find_subcommand(name)?, matches))) {
        Some((command, matches)) => refuse_pipes(command, matches),
        None => Ok(()),
    }
}

fn add(command: &Command, matches: &ArgMatches, words: &mut Vec<String>) {
    let mut said: Vec<(usize, Vec<String>)> = Vec::new();
    for arg in command.get_arguments().filter(|arg| !arg.is_global_set()) {
        let id = arg.get_id().as_str();
        let is_said = matches.value_source(id) == Some(clap::parser::ValueSource::CommandLine);
        let Some(values) = matches.get_raw(id).filter(|_| is_said) else { continue };
        let values: Vec<String> = values
            .map(|value| shown(id, &value.to_string_lossy(), is_path(arg.get_value_parser())))
            .collect();
        let mut own: Vec<String> = arg.get_long().map(|long| format!("--{long}")).into_iter().collect();
        if arg.get_action().takes_values() {
            own.extend(values);
        }
        said.push((matches.index_of(id).unwrap_or_default(), own));
    }
    // As they were typed.
    said.sort();
    words.extend(said.into_iter().flat_map(|(_, own)| own));
    if let Some((name, matches)) = matches.subcommand()
        && let Some(command) = command.find_subcommand(name)
    {
        words.push(name.into());
        add(command, matches, words);
    }
}

fn is_path(parser: &ValueParser) -> bool {
    parser.type_id() == ValueParser::path_buf().type_id()
}

fn shown(id: &str, value: &str, is_path: bool) -> String {
    let is_number = value.parse::<f64>().is_ok();
    let may_be_path = value.contains(['/', '\\', '.']) && !is_number;
    match () {
        () if IDENTIFIERS.contains(&id) => id.to_uppercase(),
        () if is_path || may_be_path => "PATH".into(),
        () if value.contains(char::is_whitespace) => format!("{value:?}"),
        () => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;

    fn said(words: &str) -> String {
        let program = Cli::command();
        let matches = program.clone().try_get_matches_from(words.split(' ')).unwrap();
        of(&program, &matches, None).command
    }

    #[test]
    fn no_path_and_no_identifier_is_kept() {
        assert_eq!(
            said(
                "coxa plan Mueller --side right -o mueller_case --series 1.2.840.1 --inclination 42.5 -q --user Dr"
            ),
            "coxa plan PATH --side right --output PATH --series SERIES --inclination 42.5"
        );
        assert_eq!(
            said("coxa optimise mueller --criteria /tmp/mueller.toml --error-model robot --seed 3"),
            "coxa optimise PATH --criteria PATH --error-model robot --seed 3"
        );
        assert_eq!(
            said("coxa rom mueller --map --activity walking"),
            "coxa rom PATH --map --activity walking"
        );
        assert_eq!(said("coxa implant list"), "coxa implant list");
    }
}
