//! One file per command: what it reads, what it calls, what it prints.

mod activities;
pub mod bench;
pub mod check;
pub mod convert;
pub mod demo;
pub mod diagnose;
pub mod evaluate;
mod findings;
pub mod implant;
pub mod info;
pub mod load;
pub mod optimise;
pub mod osim;
pub mod patient;
pub mod plan;
pub mod radiomics;
pub mod read_study;
pub mod report;
pub mod rom;
pub mod scenario;
pub mod segment;
pub mod shape;
pub mod undo;
pub mod verify;
pub mod view;
