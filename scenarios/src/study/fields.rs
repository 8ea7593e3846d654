//! Tables whose fields depend on their kind are read field by field, so that a mistake is told with its line.

/// Refuses fields that belong to another kind of the table.
pub(super) fn none_of<'a>(
    table: &str,
    kind: &str,
    fields: impl IntoIterator<Item = &'a (&'static str, bool)>,
) -> Result<(), String> {
    match fields.into_iter().find(|(_, is_there)| *is_there) {
        Some((name, _)) => Err(format!("[{table}] of kind \"{kind}\" has no {name}: remove it")),
        None => Ok(()),
    }
}
