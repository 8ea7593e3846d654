// The standard material, but for what lies beyond a plane: that is cut away.
//
// Lit as bevy's `apply_pbr_lighting` does it, by what there is here alone: directional lights and ambient light. A processor that
// draws would also compute the shadows of lights that cast none, which takes most of its time.

#import bevy_pbr::{
    ambient::ambient_light,
    forward_io::{VertexOutput, FragmentOutput},
    lighting::{F_AB, LAYER_BASE, LightingInput, directional_light, perceptualRoughnessToRoughness},
    mesh_view_bindings::{lights, view},
    pbr_fragment::pbr_input_from_standard_material,
    pbr_functions::{
        alpha_discard, calculate_F0, calculate_F0_dielectric, calculate_diffuse_color, main_pass_post_lighting_processing,
    },
    pbr_types::{PbrInput, STANDARD_MATERIAL_FLAGS_UNLIT_BIT},
}

// Normal into what is cut away, and the plane's distance from the origin along it.
@group(#{MATERIAL_BIND_GROUP}) @binding(100) var<uniform> plane: vec4<f32>;

fn lit(seen: PbrInput) -> vec4<f32> {
    let material = seen.material;
    let base = material.base_color;
    let diffuse_color = calculate_diffuse_color(base.rgb, material.metallic, 0.0, 0.0);
    let normal_to_view = max(dot(seen.N, seen.V), 0.0001);

    var surface: LightingInput;
    surface.layers[LAYER_BASE].NdotV = normal_to_view;
    surface.layers[LAYER_BASE].N = seen.N;
    surface.layers[LAYER_BASE].R = reflect(-seen.V, seen.N);
    surface.layers[LAYER_BASE].perceptual_roughness = material.perceptual_roughness;
    surface.layers[LAYER_BASE].roughness = perceptualRoughnessToRoughness(material.perceptual_roughness);
    surface.P = seen.world_position.xyz;
    surface.V = seen.V;
    surface.diffuse_color = diffuse_color;
    surface.metallic = material.metallic;
    surface.F0_dielectric = calculate_F0_dielectric(material.reflectance);
    surface.F0_metallic = base.rgb;
    surface.F_ab = F_AB(material.perceptual_roughness, normal_to_view);

    let f0 = calculate_F0(base.rgb, material.metallic, material.reflectance);
    var light = ambient_light(
        seen.world_position, seen.N, seen.V, normal_to_view, diffuse_color, f0, material.perceptual_roughness, seen.diffuse_occlusion,
    );
    for (var n = 0u; n < lights.n_directional_lights; n += 1u) {
        light += directional_light(n, &surface, true);
    }
    return vec4<f32>(view.exposure * light, base.a);
}

@fragment
fn fragment(in: VertexOutput, @builtin(front_facing) is_front: bool) -> FragmentOutput {
    if dot(in.world_position.xyz, plane.xyz) > plane.w {
        discard;
    }
    var seen = pbr_input_from_standard_material(in, is_front);
    seen.material.base_color = alpha_discard(seen.material, seen.material.base_color);
    var color = seen.material.base_color;
    if (seen.material.flags & STANDARD_MATERIAL_FLAGS_UNLIT_BIT) == 0u {
        color = lit(seen);
    }
    var out: FragmentOutput;
    out.color = main_pass_post_lighting_processing(seen, color);
    return out;
}
