//! What other programs compute of the same image: scipy.ndimage 1.17.1, numpy 2.4.6 and PyWavelets 1.8.0, which call the boundaries constant, nearest,
//! wrap and reflect. The image is that of `image([5, 7, 6])`; kernels were given to `scipy.ndimage.convolve` and `convolve1d`.

use super::*;

/// Voxels of which values are kept, [z, y, x].
const VOXELS: [[usize; 3]; 5] = [[0, 0, 0], [2, 3, 4], [4, 6, 5], [1, 0, 3], [3, 5, 0]];

const BOUNDARIES: [&str; 4] = ["zero", "nearest", "periodic", "mirror"];

fn check(settings: &str, expected: [f64; 5]) {
    let response = respond(&image([5, 7, 6]), &filter(settings));
    for (voxel, expected) in VOXELS.into_iter().zip(expected) {
        let found = response[voxel];
        assert!((found - expected).abs() < 1e-11, "{settings} at {voxel:?}: {found} instead of {expected}");
    }
}

fn check_boundaries(settings: &str, expected: [[f64; 5]; 4]) {
    for (boundary, expected) in BOUNDARIES.into_iter().zip(expected) {
        check(&format!("{settings}\nboundary = '{boundary}'"), expected);
    }
}

#[test]
fn the_mean_is_scipy_s_uniform_filter() {
    check_boundaries(
        "kind = 'mean'\nsupport_voxels = 5\ndimensions = '3d'",
        [
            [-0.352, -0.632, -0.12, -0.48, -0.024],
            [-3.008, -0.728, -1.768, -0.72, -0.344],
            [-1.352, -0.664, -0.928, -1.592, -0.808],
            [-1.544, -0.728, -1.344, -0.512, -0.544],
        ],
    );
}

#[test]
fn the_laplacian_is_scipy_s_convolution_with_its_formula() {
    check_boundaries(
        "kind = 'laplacian-of-gaussian'\nsigma_mm = 1.5\ncutoff_sigmas = 4\ndimensions = '3d'",
        [
            [
                0.3414109581535821,
                -0.1034277462879936,
                0.32247544757140134,
                0.09669031461191854,
                0.23569253575844085,
            ],
            [
                0.9890780644430585,
                -0.4747451858939938,
                0.4900659887313556,
                -0.12498609388228979,
                0.21478018293693812,
            ],
            [
                0.33265692678068665,
                -0.3960422251814414,
                0.5924160213083832,
                -0.0917911212497465,
                0.06664518825781217,
            ],
            [
                1.2786390391524023,
                -0.36615322327055383,
                1.063599362476193,
                -0.1562642794625907,
                0.10071963589071438,
            ],
        ],
    );
}

#[test]
fn laws_kernels_are_scipy_s_convolutions() {
    let laws = "kind = 'laws'\nkernels = ['L5', 'E5', 'W5']\ndimensions = '3d'";
    check_boundaries(
        laws,
        [
            [
                -2.569741510068946,
                7.721176816300184,
                3.3466401061363027,
                1.3984174729212406,
                -1.9601749193084055,
            ],
            [
                -1.2191331815210806,
                8.53393227064757,
                4.063777271736939,
                1.6255109086947752,
                -5.0797215896711725,
            ],
            [
                0.609566590760541,
                5.892477044018561,
                0.40637772717369525,
                7.314799089126488,
                -3.4542106809763977,
            ],
            [-1.2191331815210813, 8.53393227064757, 5.079721589671173, 1.4223220451079281, -4.67334386249748],
        ],
    );
    check(
        &format!("{laws}\nenergy_distance_voxels = 2\nboundary = 'mirror'"),
        [4.466903977093243, 5.64052285317087, 5.900604598562035, 5.5364901550144054, 5.149618558745049],
    );
}

#[test]
fn gabor_is_the_modulus_of_scipy_s_convolutions() {
    let gabor = "kind = 'gabor'\nsigma_mm = 2\nwavelength_mm = 3\naspect_ratio = 0.5\norientation_deg = 30\npooling = 'average'\nplanes = 'axial'";
    check_boundaries(
        gabor,
        [
            [
                20.788087324632166,
                25.370712506574456,
                12.152207209065216,
                6.3477346301409625,
                23.224542596789966,
            ],
            [11.775773596244063, 26.939312264441, 7.940055211683667, 11.388538087103774, 19.379740565652597],
            [34.768189962932, 25.230713182325488, 29.72520914274543, 9.251180477327633, 25.05066914684156],
            [35.28573084500621, 23.94410684210149, 7.094611465644303, 7.479230357452781, 12.429769632122337],
        ],
    );
}

#[test]
fn wavelets_are_scipy_s_convolutions_with_the_filters_of_pywavelets() {
    let wavelet = "kind = 'separable-wavelet'\nwavelet = 'coiflet1'\nbands = ['H', 'L', 'H']\nlevel = 2\ndimensions = '3d'";
    check_boundaries(
        wavelet,
        [
            [
                -2.1561498520673474,
                2.9348711073288825,
                -0.9889493410254734,
                4.691037031555684,
                -0.041984091598092854,
            ],
            [
                -5.424169755844781,
                -0.9487374543469471,
                -0.022480660612903658,
                3.258943823011953,
                0.90088015147272,
            ],
            [
                -3.223697415883989,
                1.6331530213382932,
                -8.205606208621505,
                2.781052018726279,
                -0.6964265050911767,
            ],
            [
                -4.12337784768677,
                -3.6600625099913446,
                2.1929982164924424,
                1.7821212503385837,
                2.3145986642545107,
            ],
        ],
    );
}

#[test]
fn a_periodic_line_has_the_stationary_transform_of_pywavelets() {
    // pywt.swt(line, "db3", level=2) at level 2; the other axis of the slice passes the lower bands, which double a constant at each level.
    let approximation = [
        0.8049924332730187,
        -4.535405076974306,
        -7.154929512488836,
        -6.126816101701159,
        -4.304992433273019,
        1.035405076974305,
        3.654929512488838,
        2.6268161017011598,
    ];
    let detail = [
        2.8344325903426046,
        -4.109499092376699,
        5.125489355419252,
        5.700910117103554,
        -7.975426434635072,
        -12.863131295779018,
        0.015504488873214761,
        11.271720271052162,
    ];
    let line = Array3::from_shape_fn([1, 3, 8], |(_, _, x)| ((3 * x * x + x) % 17) as f64 - 8.0);
    for (band, expected) in [("L", approximation), ("H", detail)] {
        let settings = format!(
            "kind = 'separable-wavelet'\nwavelet = 'daubechies3'\nbands = ['{band}', 'L']\nlevel = 2\ndimensions = '2d'\nboundary = 'periodic'"
        );
        let response = respond(&line, &filter(&settings));
        for (x, expected) in expected.into_iter().enumerate() {
            assert!((response[[0, 1, x]] - 2.0 * expected).abs() < 1e-10, "{band} {x}");
        }
    }
}

#[test]
fn spectra_are_those_of_numpy() {
    let simoncelli = "kind = 'simoncelli'\ndimensions = '3d'\nboundary = 'periodic'";
    check(
        &format!("{simoncelli}\nlevel = 1\nsampling = 'exact'"),
        [-1.3345168937708978, -1.1715857603275381, -2.636444472670201, 2.092917238524633, -1.071078974866346],
    );
    // The frequencies of numpy.linspace(-pi, pi, N), of which the one in the middle is set to 0.
    check(
        &format!("{simoncelli}\nlevel = 1"),
        [-0.6100664595920497, 0.4034855793357549, -2.8174514263550816, 1.77343851807426, -0.5261487188554024],
    );
    check(
        &format!("{simoncelli}\nlevel = 2\nsampling = 'ibsi'"),
        [
            -0.44945038347876837,
            0.4886010473656988,
            -0.3519713336650323,
            -0.5383147221688759,
            -0.2787948952758225,
        ],
    );
    // Orders of x, y and z.
    let exact = format!("{simoncelli}\nlevel = 1\nsampling = 'exact'");
    check(
        &format!("{exact}\nriesz.order = [2, 1, 0]"),
        [
            0.25574303419700606,
            -0.15475011235598024,
            0.47999439740900024,
            -0.8529657632364815,
            -0.1954334816973036,
        ],
    );
    check(
        &format!("{exact}\nriesz.order = [0, 0, 1]"),
        [0.5470659283331127, 0.5014462685410345, 2.267311143379494, -0.2539487921249773, 1.5790578082689253],
    );
}
