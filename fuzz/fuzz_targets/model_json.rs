//! Any text read as a trained model either predicts a row, or is refused.

#![no_main]

use coxa_learning::{Model, Table};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(model) = serde_json::from_str::<Model>(text) {
        let columns = model.columns().into_iter().map(|name| (name, vec![0.5, f64::NAN])).collect();
        if let Ok(table) = Table::new(columns) {
            let _ = model.predict(&table);
            let _ = model.shapley(&table);
        }
    }
});
