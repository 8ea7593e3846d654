//! `coxa diagnose read-study`: what there is to say.

use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The commands of `coxa diagnose read-study`.
#[derive(Debug, Subcommand)]
pub enum ReadStudyCommand {
    /// Make a study: worklists in random order, pictures under pseudonyms, truths apart.
    New(NewArgs),
    /// Serve the page on which readers read, on this machine alone unless told.
    Serve(ServeArgs),
    /// Analyse the readings of a study, or a table of ratings.
    Analyse(AnalyseArgs),
}

/// `coxa diagnose read-study new`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa diagnose read-study new --example films\n  coxa diagnose read-study new films/cases.csv --readers anna,ben -o study\n  coxa diagnose read-study new cases.csv --write-settings study.toml --readers anna,ben\n  coxa diagnose read-study new cases.csv --settings study.toml -o study\n\nThe table has columns case, patient, image and truth, and as they apply truth_marks, help, help_image, help_marks and score."
)]
pub struct NewArgs {
    /// Table of the cases (CSV); paths in it are relative to it.
    #[arg(value_name = "CASES", required_unless_present_any = ["example", "write_settings"])]
    pub table: Option<PathBuf>,
    /// Folder of the study, which is made.
    #[arg(long, short, value_name = "FOLDER", required_unless_present_any = ["example", "write_settings"])]
    pub output: Option<PathBuf>,
    /// Settings of the study; without them, five grades of confidence, without and with help, 28 days apart.
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Pseudonyms of the readers, with commas between, where no settings name them.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "settings")]
    pub readers: Vec<String>,
    /// Title of the study, where no settings have one.
    #[arg(long, value_name = "TEXT", conflicts_with = "settings")]
    pub title: Option<String>,
    /// Leave pictures where they are instead of copying them into the study.
    #[arg(long)]
    pub link: bool,
    /// Write commented settings to this file and stop.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["settings", "output", "example"])]
    pub write_settings: Option<PathBuf>,
    /// Write made-up films with a table of cases into this folder and stop.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["table", "settings", "output", "readers", "title", "link"])]
    pub example: Option<PathBuf>,
}

/// `coxa diagnose read-study serve`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa diagnose read-study serve study\n  coxa diagnose read-study serve study --listen 192.168.1.20:7878\n\nEach reader has a link of their own, which opens no other's worklist. Ctrl-C ends the server; answers are on the disk already.\nThe connection is not encrypted: an address other than 127.0.0.1 is for a network that you trust."
)]
pub struct ServeArgs {
    /// Folder of the study.
    pub folder: PathBuf,
    /// Address and port to listen at; port 0 takes any that is free.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7878")]
    pub listen: SocketAddr,
}

/// `coxa diagnose read-study analyse`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa diagnose read-study analyse study\n  coxa diagnose read-study analyse ratings.csv --json\n  coxa diagnose read-study analyse ratings.csv -o report.html\n\nA table has the columns reader, treatment, case, truth (0 or 1) and rating in any order, and seconds where times are known.\nOf a study the report is written to report.html in its folder."
)]
pub struct AnalyseArgs {
    /// Folder of the study, or a table of ratings (CSV).
    pub input: PathBuf,
    /// Marks drawn with another program (CSV), in the place of those of the page.
    #[arg(long, value_name = "FILE")]
    pub marks: Option<PathBuf>,
    /// Scores of a module that reads alone (CSV with the columns case and score), to be compared with the mean reader.
    #[arg(long, value_name = "FILE")]
    pub module: Option<PathBuf>,
    /// Where the report is written.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}
