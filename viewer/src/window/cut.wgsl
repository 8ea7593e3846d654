// The standard material, but for what lies beyond a plane: that is cut away.

#import bevy_pbr::{
    forward_io::{VertexOutput, FragmentOutput},
    pbr_fragment::pbr_input_from_standard_material,
    pbr_functions::{alpha_discard, apply_pbr_lighting, main_pass_post_lighting_processing},
}

// Normal into what is cut away, and the plane's distance from the origin along it.
@group(#{MATERIAL_BIND_GROUP}) @binding(100) var<uniform> plane: vec4<f32>;

@fragment
fn fragment(in: VertexOutput, @builtin(front_facing) is_front: bool) -> FragmentOutput {
    if dot(in.world_position.xyz, plane.xyz) > plane.w {
        discard;
    }
    var lit = pbr_input_from_standard_material(in, is_front);
    lit.material.base_color = alpha_discard(lit.material, lit.material.base_color);
    var out: FragmentOutput;
    out.color = main_pass_post_lighting_processing(lit, apply_pbr_lighting(lit));
    return out;
}
