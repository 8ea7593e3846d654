//! External loads as `.xml`.

use super::super::ExternalLoads;
use super::xml::Document;

/// Writes external loads so that OpenSim 4 opens them and [`super::super::read_external_loads`] gives them back.
pub fn write_external_loads(loads: &ExternalLoads, name: &str) -> String {
    let mut out = Document::default();
    out.root("OpenSimDocument", super::VERSION);
    out.open("ExternalLoads", Some(name));
    out.open("objects", None);
    for force in &loads.forces {
        out.open("ExternalForce", Some(&force.name));
        out.flag("appliesForce", true);
        out.words("applied_to_body", &force.body);
        out.words("force_expressed_in_body", &force.force_in);
        out.words("point_expressed_in_body", &force.point_in);
        let properties = ["force_identifier", "point_identifier", "torque_identifier"];
        for (property, column) in properties.into_iter().zip(&force.columns) {
            if let Some(column) = column {
                out.words(property, column);
            }
        }
        out.close();
    }
    out.close();
    if let Some(table) = &loads.data_file {
        out.words("datafile", table);
    }
    out.close();
    out.finish()
}
