//! Tables over time: any text gives an error or a table that is written as it is read.
#![no_main]

use coxa_muscle::files::Storage;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(table) = Storage::read(text) else { return };
    let back = Storage::read(&table.write()).expect("what was written is read");
    assert_eq!((back.times, back.rows), (table.times, table.rows));
});
