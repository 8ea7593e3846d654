# UNREVIEWED machine-made translation; no speaker of Japanese has checked it.

## input

finding-localizers-dropped = 位置決め画像 { $count } 枚を除外しました。
finding-lossy-compression = 画像は非可逆圧縮で保存されています。Hounsfield 値と輪郭の精度が低下します。
finding-no-rescale = スライスに rescale slope と intercept がありません。保存値を Hounsfield 値として扱いました。
finding-not-hounsfield = シリーズの値は Hounsfield 単位ではなく { WORD($unit) } です。CT を Hounsfield 単位で出力してください。
finding-no-intercept = スライスに rescale slope はありますが rescale intercept がありません。intercept は 0 としました（通常の装置は -1024 を記録します）。空気が -1000 HU 付近、水が 0 HU 付近であることを確認するか、シリーズを再出力してください。
finding-series-mixed = このシリーズのスライスは { WORD($what) } が一致しません（{ WORD($values) }）。スライス間で Hounsfield 値を比較できない可能性があります。
finding-slices-before = スライス番号が { $first } から始まっています。画像の { WORD($end) } で { $count } スライスが欠けている可能性があります。股関節がその範囲に及ぶ場合は、シリーズ全体を読み込んでください。
finding-slices-fewer = ヘッダーでは { $said } 枚とされていますが、うち { $count } 枚がこれらのファイルにありません。股関節がその範囲に及ぶ場合は、シリーズ全体を読み込んでください。
finding-patient-unstated = 他のスライスには患者名または患者 ID がありますが、{ $count } スライスにはありません。同一患者とみなしました。
finding-duplicate-slices = { $count } スライスが重複しています。それぞれ 1 枚を使用しました。
finding-files-without-pixels = 画素データのない DICOM ファイル { $count } 件を除外しました。
finding-other-series = CT 以外のシリーズ { $count } 件を除外しました。
finding-uneven-slices = スライス位置が等間隔から最大 { NUMBER($off_mm, minimumFractionDigits: 3, maximumFractionDigits: 3) } mm ずれています。等間隔とみなしました。
finding-gantry-tilt-corrected = ガントリーが { NUMBER($tilt_deg, minimumFractionDigits: 1, maximumFractionDigits: 1) }° 傾斜していました。スライス内の線形補間を用い、ボリュームのせん断により補正しました。
finding-file-set-aside = 読み込めないファイル 1 件を、このシリーズに属する根拠がないため除外しました：{ WORD($file) }。
finding-files-set-aside = 読み込めないファイル { $count } 件を、このシリーズに属する根拠がないため除外しました：{ WORD($files) }。
finding-values-not-hounsfield = 値が Hounsfield 単位とは考えられません。範囲は { $least } ～ { $most } で、{ NUMBER($dark_percent, minimumFractionDigits: 2, maximumFractionDigits: 2) } % のボクセルだけが脂肪と空気の範囲である { $fat_hu } HU 未満です。{ WORD($guess) } 装置本来の値で CT を再出力してください。
finding-values-too-bright = { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } % のボクセルが { $bright_hu } HU を超え、どの骨よりも高値です。負の値が大きな正の値として読まれた可能性があります（Pixel Representation の誤りなど）。シリーズを再出力してください。
finding-nifti-unit-missing = ファイルに長さの単位の記載がありません。ミリメートルとみなしました。
finding-nifti-forms-turned = ファイル内の 2 つの向き（sform と qform）が回転分だけ異なります。sform を使用しました。画像で左右を確認してください。
finding-nifti-forms-shifted = ファイル内の 2 つの位置（sform と qform）が異なります。sform を使用しました。他のプログラムでは患者の位置が異なって表示される可能性があります。
finding-ct-missing-voxels = { $count } 個のボクセルが数値ではないため、{ $set_hu } HU（空気）としました。
finding-ct-saturated-voxels = { $count } 個のボクセルが { $least_hu } ～ { $most_hu } HU の範囲外のため、近い方の限界値としました。ファイルが Hounsfield 単位であることを確認してください。
finding-colour-radiograph = X線像がカラーで保存されています。輝度（luma、ITU-R BT.601）だけを使用しました。
finding-magnification-applied = 検出器上の画素間隔を、ファイルに記載された推定拡大率で除しました。
finding-spacing-at-detector = 画素間隔は検出器上の値です。解剖は拡大されており、股関節では通常 1.15 ～ 1.25 倍です。長さの計測には校正用マーカーが必要です。
finding-spacing-unstated = 画素間隔が検出器上の値か患者体内での値か、ファイルに記載がありません。長さの計測には校正用マーカーが必要です。
finding-no-spacing = ファイルに画素間隔がないため、長さを計測できません。
finding-regions-overlap = { $voxels } 個のボクセルが複数の領域に属しています。それぞれ最初の領域に割り当てました。
finding-segments-overlap = { $voxels } 個のボクセルが複数のセグメントに属しています。それぞれ最小のセグメント番号に割り当てました。
finding-open-contours = { $count } 個の点および閉じていない輪郭を除外しました。
finding-contours-outside = { $count } 個の輪郭が CT の範囲外です。
finding-fractional-segments = セグメンテーションは割合で表されています。値が 2 分の 1 以上のボクセルを使用しました。
finding-segments-renumbered = 255 を超えるセグメント番号を付け直しました。
finding-labels-resampled = ラベルの格子（{ WORD($labels_grid) }）が CT の格子（{ WORD($ct_grid) }）と異なります。各ボクセルに最も近いラベルを割り当てました。
finding-labels-outside-ct = ラベル体積の { NUMBER($outside_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % が CT の範囲外のため除外しました。
finding-labels-left-out = 計画に不要なラベルを除外しました：{ WORD($labels) }。
finding-labels-joined = { $count } 個のラベルを統合しました：{ WORD($labels) }。

## scan

finding-low-resolution = ボクセルが { NUMBER($voxel_mm, minimumFractionDigits: 1, maximumFractionDigits: 1) } mm のため、薄い皮質骨と関節裂隙が不鮮明です。骨表面の精度は約 1 mm にとどまります。
finding-streaks-reduced = セグメンテーションの前に { $slices } スライス（{ $count } 枚中 { $first } ～ { $last } の間）の金属アーチファクトを低減しました。濃度は元の CT の値です。
finding-streaks-not-reduced = スライスが横断像でないか画素が正方形でないため、セグメンテーション前に金属アーチファクトを低減できませんでした。金属周囲の骨と筋の精度が低下します。
finding-scan-turned = 画像は{ WORD($how) }：股関節がヘッダーの記載どおりの向きにありません。ヘッダーの向きを修正するか画像を再出力してください。セグメンテーションは行っていません。左右も確認してください。骨からは左右の入れ替わりを判別できません。
finding-labels-turned = ラベルによれば画像は{ WORD($how) }。計画前にラベルを確認してください。ヘッダーが誤っているか、ラベルが骨以外のものを骨としています。
finding-sides-exchanged = ラベルと画像のヘッダーで左右が一致しません。計画前にどちらが正しいか確認し、ヘッダーを修正するか --label-mapping でラベル名を変更してください。
finding-liver-on-the-left = 骨盤より上で最も厚い実質臓器が画像の左側にあります（{ NUMBER($thickness_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm、右側は { NUMBER($other_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm）。これが肝臓であれば、画像の左右が入れ替わっているか、内臓逆位です。計画前に確認してください。
finding-hips-not-found = 大腿骨頭を検出できませんでした。球形でほぼ完全な骨頭が画像にないか、金属に隠れています。股関節の CT であること、向きが正しいことを確認してください。
finding-hips-of-a-child = 大腿骨頭が成人より小さい値です。本プログラムの対象外である小児か、ヘッダーのボクセルサイズが小さすぎます。セグメンテーションは行っていません。
finding-head-not-found = { WORD($side) }大腿骨頭を検出できませんでした。{ WORD($side) }の関節は対側骨頭と対称の位置で分離しました。この側を計測する前にラベルを確認してください。
finding-hip-missing = { WORD($side) }股関節が画像に含まれていません。
finding-hip-not-recognised = 画像は{ WORD($side) }股関節の予想位置を含みますが、大腿骨頭を検出できませんでした。破壊、置換、脱臼または欠損の可能性があります。この側は計測していません。
finding-metal-in-femur = { WORD($side) }大腿骨の内部または周囲に { NUMBER($volume_ml, minimumFractionDigits: 1, maximumFractionDigits: 1) } ml の金属があります。アーチファクトで周囲の骨が隠れ、セグメンテーションは信頼できません。
finding-metal-in-femur-refuses = { WORD($side) }股関節に金属があり、周囲の骨と髄腔を計測できないため、この股関節は計画しません。
finding-metal-at-joint = { WORD($side) }股関節に { NUMBER($volume_ml, minimumFractionDigits: 1, maximumFractionDigits: 1) } ml の金属があります。アーチファクトで周囲の骨が隠れ、セグメンテーションは信頼できません。
finding-metal-at-joint-refuses = { WORD($side) }股関節に金属があり、周囲の骨と髄腔を計測できないため、この股関節は計画しません。
finding-metal-in-pelvis = { WORD($side) }側の骨盤に { NUMBER($volume_ml, minimumFractionDigits: 1, maximumFractionDigits: 1) } ml の金属があります。アーチファクトで周囲の骨が隠れ、セグメンテーションは信頼できません。
finding-bone-cut-off = { WORD($name) } が画像の { WORD($end) } で切れています（断面積 { NUMBER($area_cm2, minimumFractionDigits: 0, maximumFractionDigits: 0) } cm²）。
finding-femoral-shaft-cut-off = { WORD($side) }大腿骨が画像の { WORD($end) } で切れています（断面積 { NUMBER($area_cm2, minimumFractionDigits: 0, maximumFractionDigits: 0) } cm²）。
finding-sacrum-top-uncertain = 腰仙椎間板を検出できませんでした。仙骨上端は推定値です。
finding-muscles-without-network = 筋はアトラスのみでセグメンテーションしました：{ WORD($error) }。
finding-muscles-not-found = { WORD($side) }側の筋はセグメンテーションされませんでした：{ WORD($reason) }。
finding-muscles-doubtful = { WORD($side) }側の筋のラベルは確かではありません：{ WORD($muscles) }。複数の検出方法の一致が乏しく、予想される Dice は { $least } 未満です（筋が萎縮している、脂肪に置き換わっている、アトラスと異なる、画像に片側しか写っていないなど）。使用する前にこれらのラベルを確認してください。

## anatomy

finding-femur-not-completed = 大腿骨が切れており、撮影部分に形状モデルが適合しないため補完できませんでした。変形、金属、またはセグメンテーション不良が考えられます。
finding-pelvis-completed = 画像に { WORD($landmarks) } が含まれていません。{ WORD($obtained_by) } 前骨盤平面およびそれに対するカップ角の精度は、傾斜 { NUMBER($tilt_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }°、回旋 { NUMBER($turn_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° です。
finding-pelvis-not-completed = 骨盤が切れており、撮影部分に形状モデルが適合しないため補完できませんでした。撮影範囲外のランドマークは得られません。変形、金属、またはセグメンテーション不良が考えられます。
finding-not-supine = 骨盤が装置に対して大きく傾いており、撮影台から仰臥位機能的骨盤面を定められません。前骨盤平面に対する角度を用いてください。
finding-leg-length-completed = 脚長差の精度は { NUMBER($spread_mm, minimumFractionDigits: 1, maximumFractionDigits: 1) } mm にとどまります：{ WORD($which) }（撮影範囲外のため形状モデルで予測）。
finding-femoral-head-small = { WORD($side) }大腿骨頭が成人より小さい値です。本プログラムの対象外である小児か、骨頭の変形か、ヘッダーのボクセルサイズが小さすぎます。
finding-femoral-head-small-refuses = { WORD($side) }大腿骨頭が成人より小さい値です。インプラントは成人の骨用のため、この股関節は計画しません。成人の患者であれば、ヘッダーのボクセルサイズと骨頭の形状を確認してください。
finding-femoral-head-cut = { WORD($side) }大腿骨頭が撮影範囲で切れています。球の当てはめは全球面の { NUMBER($seen_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % に基づいており、完全な骨頭では約半分です。中心と径の精度は通常より低下します。
finding-femoral-head-cut-refuses = { WORD($side) }大腿骨頭が撮影範囲で切れています。骨頭中心、脚長、オフセットが一部だけに基づくことになるため、この股関節は計画しません。関節全体を撮影してください。
finding-joint-not-concentric = 大腿骨頭と寛骨臼が同心ではありません。亜脱臼または変形があるか、骨の分離が不十分です。計画を用いる前にセグメンテーションを確認してください。
finding-joint-space-lost = 最小関節裂隙が { NUMBER($limit_mm, minimumFractionDigits: 1, maximumFractionDigits: 1) } mm 未満です。
finding-joint-space-narrowed = 最小関節裂隙が { NUMBER($limit_mm, minimumFractionDigits: 1, maximumFractionDigits: 1) } mm 未満で、関節裂隙が狭小化しています。
finding-hip-subluxated = 大腿骨頭が寛骨臼から近位へ移動しています。Crowe 分類 { $grade } 度の可能性が最も高い値です（{ NUMBER($likely_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } %）。
finding-osteoarthritis = 変形性股関節症：Kellgren-Lawrence 分類 grade { $grade } の可能性が最も高い値です（{ NUMBER($likely_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } %）。関節裂隙、骨棘、軟骨下骨に基づく、仮想患者のみで学習したモデルによります。

## placement

finding-hip-bone-missing = この側の寛骨がセグメンテーションに含まれていないため、カップを計画できません。
finding-hip-bone-unusable = 寛骨の表面を使用できません：{ WORD($defect) }。
finding-pelvis-cut-off = 骨盤が切れています。{ WORD($side) }側の { WORD($landmark) } が撮影範囲外で補完できないため、カップ位置と骨盤座標系を確認できません。
finding-acetabulum-incomplete = 寛骨臼に球を当てはめられませんでした。撮影範囲が不完全か、本プログラムの対象を超える変形があります。
finding-femur-missing = この側の大腿骨がセグメンテーションに含まれていないため、ステムを計画できません。
finding-femoral-head-missing = この側の大腿骨頭に球を当てはめられませんでした。元の骨頭中心は不明です。
finding-femoral-neck-missing = 大腿骨頸部を検出できませんでした。大腿骨が画像で切れているか、本プログラムの対象を超える変形があります。
finding-other-side = 計画は { WORD($planned) } 側の股関節のものですが、{ WORD($asked) } 側が要求されました。
finding-not-in-catalogue = { WORD($error) }。
finding-no-head-fits = { $shell_mm } mm シェルの { WORD($liner) } ライナーに適合する骨頭がありません。別のライナーまたはシェルを選んでください。
finding-canal-too-narrow = 最小の { WORD($stem) } ステムでも髄腔に対して大きすぎます。別の種類のステムを選んでください。
finding-acetabulum-too-large = この寛骨臼には、この種類にあるものより大きなカップが必要です。別の種類のカップを選んでください。
finding-acetabulum-too-small = この種類の最小のカップでもこの寛骨臼には大きすぎます。リーミングで骨を失いすぎます。別の種類のカップを選んでください。
finding-cup-off-bone = シェルが寛骨に接していません。カップ中心（cup.centre_mm）を修正してください。
finding-cup-far-from-acetabulum = カップ中心（cup.centre_mm）が寛骨臼から離れています。修正してください。
finding-stem-off-bone = ステムが大腿骨の外にあります。位置（stem.origin_mm）と方向（stem.axis）を修正してください。
finding-head-out-of-socket = { WORD($side) }大腿骨頭が寛骨臼中心から外れています。計画では骨頭中心を寛骨臼側へ移動します。
finding-shell-size-off = シェルが、この寛骨臼のリーミング後に想定されるサイズと 1 サイズを超えて異なります。より近いサイズの在庫がなければ取り寄せてください。
finding-head-risen = { WORD($side) }大腿骨頭が対側より { NUMBER($risen_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm 高位です。計画は対側の骨頭中心を鏡像とし、計画上の中心はそれより { NUMBER($left_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm 高位にあります。そこに原臼があること、坐骨神経が許容する延長量を確認してください。
finding-head-inwards = 臼底突出：{ WORD($side) }大腿骨頭が対側より { NUMBER($inwards_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm 内方にあります。計画は対側の骨頭中心を鏡像とし、計画上の中心はそれより { NUMBER($left_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm 内方にあります。シェルには辺縁での固定と、後方への骨移植が必要です。
finding-hip-centre-moved-for = 骨被覆を得るため骨頭中心を移動しました。元の中心では骨被覆率 { NUMBER($coverage_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } %、内壁 { NUMBER($wall_mm, minimumFractionDigits: 1, maximumFractionDigits: 1) } mm となります。
finding-standing-tilt-unknown = 立位の骨盤傾斜が不明のため、仰臥位の傾斜を用います。立位での後傾 1 度ごとにカップ前方開角は約 0.7° 増加します。立位側面X線像で計測し、coxa plan の --standing-tilt、または plan.toml の standing_tilt_deg で入力してください。
finding-spine-stiff = 脊椎の可動性が低く、脱臼リスクが高まります（術後 1 年：固定なし 1.5 %、1 ～ 2 椎間固定 3.0 %、それ以上 4.1 %）。計画では前方開角を大きくしています。デュアルモビリティを検討し、通常の座位では過大評価されるため座位前屈像で確認してください。
finding-wall-not-measurable = 寛骨臼がカップの { WORD($place) } で開いており、計測する壁がありません。
finding-anterior-pelvic-plane-missing = 前骨盤平面が不明のため、Lewinnek の安全域を評価できません。
finding-functional-plane-missing = 機能的骨盤面に必要な骨盤ランドマークが見つかりません。カップ角は装置の軸に対する値です。
finding-femur-cut-off = 大腿骨が骨幹部より近位で切れています。骨幹軸は撮影部分からの推定であり、ステムの位置、アライメント、オフセット、前捻は暫定値です。小転子より遠位まで撮影してください。
finding-femur-cut-off-completed = 大腿骨が骨幹部より近位で切れています。{ WORD($obtained_by) }：骨幹軸 ± { NUMBER($axis_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }°、大腿骨前捻 ± { NUMBER($version_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° であり、ステムの位置、アライメント、オフセット、前捻は暫定値です。小転子より遠位まで撮影してください。
finding-shaft-axis-uncertain = 骨幹部の撮影範囲が短いため、ステムのアライメント、オフセット、前捻の精度は通常より低下します。
finding-stem-size-unknown = 髄腔が確認できません。ステムはその種類の中間サイズとしています。サイズは他の方法で決める必要があります。
finding-canal-not-compared = ステムに沿う髄腔が確認できないため、サイズを検証していません。
finding-canal-not-seen-below = 撮影範囲がステム先端より近位で終わっています。ステムサイズは確認できる部分に基づき、それより遠位の髄腔はより狭い可能性があります。
finding-condyles-not-seen = 大腿骨顆部が撮影範囲外です。ステムは元の頸部の前捻に従い、顆部に対する大腿骨前捻とステム前捻は不明です。前捻を計測するには、下肢を動かさずに同じ撮影で両膝の顆部を撮影してください。
finding-condyles-completed = 大腿骨顆部が撮影範囲外です。ステムは元の頸部の前捻に従い、顆部に対する大腿骨前捻とステム前捻は計測値ではなく予測値です（± { NUMBER($version_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }°、標準偏差）。後捻と前捻を区別するには不確かです。前捻を計測するには、下肢を動かさずに同じ撮影で両膝の顆部を撮影してください。{ WORD($obtained_by) }。
finding-lesser-trochanter-not-seen = 小転子を検出できませんでした。骨切り高位は大腿骨頸部から定めました。
finding-other-side-not-measurable = 脚長とオフセットを対側と比較できませんでした。計画は指定された目標を、なければ元の値を用います。
finding-version-against-table = ステム前捻は撮影台に対する値であり、台上での下肢の回旋を含みます。
finding-skirted-head = この骨頭にはスカートがあり、可動域が減少します。
finding-screw-anterior = ホール { $hole } の { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm スクリューが { WORD($quadrant) } 区域に向かい、{ WORD($danger) } に近接しています。
finding-screw-long = ホール { $hole } の { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm スクリューは、坐骨神経に近い後下方区域には長すぎます。
finding-screw-beyond-cortex = ホール { $hole } の { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm スクリューが皮質骨を穿破します。そこで骨内に収まる最長のスクリューは { NUMBER($longest_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm です。
finding-no-screw-stays-in-bone = ホール { $hole } の { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm スクリューが皮質骨を穿破します。そこで骨内に収まるスクリューはありません。
finding-screw-purchase-short = ホール { $hole } の { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm スクリューは骨内長が不足しています。
finding-screw-near-vessel = ホール { $hole } の { NUMBER($length_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm スクリューが、ラベル付けされた腸骨血管に近接しています。

## limits

finding-cup-coverage-low = カップの骨被覆率が低い値です。内方化、サイズ変更、または補填を検討してください。
finding-medial-wall-thin = 残存内壁が薄くなっています。
finding-anterior-wall-thin = 残存前壁が薄くなっています。
finding-posterior-wall-thin = 残存後壁が薄くなっています。
finding-cup-near-vessel = シェルが、ラベル付けされた腸骨血管に近接しています。
finding-cup-uncovered-laterally = カップの外側が骨に被覆されていません。
finding-rim-overhang = カップ前縁が突出しており、腸腰筋インピンジメントのリスクがあります。
finding-cup-inclination-outside = カップ外方開角が推奨範囲外です。
finding-cup-anteversion-outside = カップ前方開角が推奨範囲外です。
finding-hip-centre-high = 計画した骨頭中心が高位または低位に過ぎます。
finding-hip-centre-moved = 計画した骨頭中心の高さが元の中心と異なります。
finding-hip-centre-shifted = 計画した骨頭中心が元の中心から内方または外方へ移動しています。
finding-combined-anteversion = カップとステムの複合前捻角が推奨範囲外です。
finding-leg-length-difference = 計画上の脚長差は患者が自覚する程度です。
finding-leg-length-differs-slightly = 計画上、わずかな脚長差があります。
finding-leg-length-change = 下肢が坐骨神経の許容を超える可能性のある延長、または過度の短縮となります。
finding-offset-change = グローバルオフセットが大きく変化します。外転筋の緊張が低下するか、大転子を覆う組織に緊張がかかります。
finding-offset-short = グローバルオフセットが対側より小さく、外転筋の緊張が低下します。
finding-offset-long = グローバルオフセットが対側より大きくなっています。
finding-femur-shifted = 整復時に大腿骨が前方または後方へ移動します。
finding-stem-undersized = 確認できる髄腔での占拠率が低い値です。
finding-stem-oversized = ステムが皮質骨に食い込んでいます。小さいサイズを選ぶか、リーミングしてください。
finding-cortex-thin = ステム周囲の残存皮質骨が薄くなっています。
finding-stem-malaligned = ステムが内反または外反しています。
finding-stem-tilted = ステムが屈曲または伸展しています。
finding-stem-turned = ステムが元の前捻から回旋しています。ストレートステムは髄腔内でそこまで回旋できないことがあり、コニカルまたはモジュラーステムでは可能です。
finding-stem-version = ステム前捻角が通常の範囲外です。
finding-resection-level = 頸部骨切り高位が通常と異なります。
finding-cup-inclination-outside-lewinnek = 前骨盤平面に対するカップ外方開角が Lewinnek の安全域外です。
finding-cup-anteversion-outside-lewinnek = 前骨盤平面に対するカップ前方開角が Lewinnek の安全域外です。
finding-lewinnek-not-judged = この画像では前骨盤平面が不確かなため、Lewinnek の安全域を評価できません。
finding-combined-anteversion-not-judged = この画像では複合前捻角が不確かなため、{ $least } ～ { $most }° の範囲に対して評価できません。
finding-leg-length-difference-planned-not-judged = この画像では計画上の脚長差が不確かなため、{ $least } ～ { $most } mm の範囲に対して評価できません。
finding-leg-length-change-not-judged = この画像では脚長の変化が不確かなため、{ $least } ～ { $most } mm の範囲に対して評価できません。
finding-offset-change-not-judged = この画像ではオフセットの変化が不確かなため、{ $least } ～ { $most } mm の範囲に対して評価できません。
finding-stem-varus-not-judged = この画像ではステム内反角が不確かなため、{ $least } ～ { $most }° の範囲に対して評価できません。
finding-stem-flexion-not-judged = この画像ではステム屈曲角が不確かなため、{ $least } ～ { $most }° の範囲に対して評価できません。
finding-stem-version-not-judged = この画像ではステム前捻角が不確かなため、{ $least } ～ { $most }° の範囲に対して評価できません。

## motion

finding-motion-not-simulated = 可動域をシミュレーションできませんでした：{ WORD($error) }。
finding-blocked-at-neutral = 中間位で関節が接触しています（{ WORD($pair) }）。断面で骨を確認してください。ラベルで分離されていない骨は重なります。そうでなければカップまたはステムを移動してください。
finding-no-map-from-neutral = 中間位で関節が接触しているため（{ WORD($pair) }）、到達できる肢位がなく、マップを作成しませんでした。断面で骨を確認してください。ラベルで分離されていない骨は重なります。そうでなければカップまたはステムを移動してください。
finding-femur-cut = 撮影された大腿骨がステム先端より近位で終わっているため、それより遠位のステムは周囲の骨なしでモデル化しています。計算より早くインピンジメントが起こる可能性があります。
finding-motion-short = { WORD($motion) }（{ WORD($posture) }）では、計測の不確かさを超えて、必要可動域の手前で { WORD($cause) } のインピンジメントが起こります{ WORD($spread) }。カップ設置角、ステム前捻、骨頭径、オフセットを見直してください。
finding-motion-undecided = { WORD($motion) }（{ WORD($posture) }）では、計測の不確かさの範囲内で、必要可動域の限界付近に { WORD($cause) } のインピンジメントが起こります{ WORD($spread) }。必要可動域に達するかどうか判定できません。
finding-motion-not-judged = { WORD($motion) }（{ WORD($posture) }）では、周囲の骨が撮影範囲外であるステム部分のインピンジメント（{ WORD($cause) }）のため、必要可動域を評価できません。
finding-activity-in-contact = 次の日常動作でインピンジメントが起こります：{ WORD($activities) }。関節角度は集団の平均です。
finding-activity-not-judged = 次の日常動作では、周囲の骨が撮影範囲外であるステム部分に最初のインピンジメントが起こります：{ WORD($activities) }。評価できません。

## loads

finding-no-loads = 荷重をシミュレーションできませんでした：{ WORD($error) }。
finding-no-muscles = 筋を骨に適合できず、動作をシミュレーションしていません：{ WORD($error) }。
finding-no-static-balance = 片脚起立の静的釣合い、したがって外転筋予備力を計算できませんでした：{ WORD($error) }。
finding-activity-not-simulated = { WORD($activity) } をシミュレーションできませんでした：{ WORD($error) }。
finding-body-mass-unknown = 体重が不明です：{ NUMBER($mass_kg, minimumFractionDigits: 0, maximumFractionDigits: 0) } ± { NUMBER($spread_kg, minimumFractionDigits: 0, maximumFractionDigits: 0) } kg と仮定しました（{ WORD($method) }）。
finding-pelvis-mirrored = 撮影範囲外：{ WORD($landmarks) }。骨盤が左右対称と仮定し、対側の鏡像としました。
finding-landmarks-contradict = 筋は主要なランドマークのみで適合しました。理由：{ WORD($error) }。
finding-strength-of-muscles = 股関節をまたぐ筋 { $all } 部分のうち { $measured } 部分の筋力は画像の除脂肪筋体積に合わせてスケーリングし、その他は体格に合わせた標準下肢モデルの値です。
finding-muscle-too-long = 計画により { WORD($muscle) } の線維が { WORD($when) } で至適長の { NUMBER($ratio, minimumFractionDigits: 2, maximumFractionDigits: 2) } に伸長され（術前は { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) }）、長すぎて力を発揮できません。
finding-muscle-slack = 計画により { WORD($muscle) } の線維が { WORD($when) } で至適長の { NUMBER($ratio, minimumFractionDigits: 2, maximumFractionDigits: 2) } に短縮され（術前は { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) }）、短すぎて力を発揮できません。
finding-abductors-too-weak = この側では片脚起立で外転筋が骨盤を支えられません。最大モーメントは { NUMBER($moment_n_m, minimumFractionDigits: 0, maximumFractionDigits: 0) } N m で、必要量の { NUMBER($percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % です{ WORD($before) }。モデルの筋力の由来を確認してください。
finding-abductors-without-reserve = この側では片脚起立で外転筋が骨盤を支えられません。最大モーメントは { NUMBER($moment_n_m, minimumFractionDigits: 0, maximumFractionDigits: 0) } N m で、必要量の { NUMBER($percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % です{ WORD($before) }。モデルの筋力の由来を確認してください。
finding-edge-loading = エッジローディング：{ WORD($activity) } の { NUMBER($percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % の間、骨頭とライナーの接触域がリムに達します。
finding-edge-loading-unknown = { WORD($activity) } でのエッジローディングを評価できませんでした：{ WORD($error) }。
finding-hip-moment-out-of-reach = { WORD($activity) } では股関節モーメントのうち最大 { NUMBER($moment_n_m, minimumFractionDigits: 0, maximumFractionDigits: 0) } N m を筋が発揮できません。そこでの関節力は過小評価されています。
finding-full-activation = 計画後の股関節で最大活動に達する筋があります（{ WORD($muscles) }）。日常動作にそこまでは必要なく、モデルが筋力を過小評価しているか、モーメントの配分が不適切です。外転筋予備力は静的釣合いでの外転筋全体の値です。
finding-muscles-overestimate = 筋モデルによる股関節力は実測と体重の 33 % 異なります（計測機能付き人工股関節 7 例の中央値）。多くは過大です。片脚起立での力の大きさは静的釣合いの方が正確です。計画の比較には股関節間の差を用いてください。その不確かさはモンテカルロサンプルが示します。他の動作は実測と比較していません。筋のランダムな変位と減弱によりモーメントの配分がより不均等になるため、サンプルの中央値は計画自体の値を上回ります。
finding-samples-lost = モンテカルロサンプル { $asked } 個のうち { $solved } 個だけが解けました。パーセンタイルはこれらによります。
finding-time-of-own-motion = 記録された動作は { NUMBER($start_s, minimumFractionDigits: 2, maximumFractionDigits: 2) } ～ { NUMBER($end_s, minimumFractionDigits: 2, maximumFractionDigits: 2) } s を { $steps } 時点でシミュレーションします（動作と荷重の共通時間）。結果はこの期間全体のもので、時点数に依存しません。
finding-loads-of-another-body = 記録された最大床反力が体重の { NUMBER($push, minimumFractionDigits: 2, maximumFractionDigits: 2) } 倍です。荷重がこの患者のもので、単位がニュートンであることを確認してください。スケーリングは行いません。

## model

finding-unit-of-angles-assumed = ファイルに inDegrees の記載がありません。度とみなしました。
finding-angles-too-small = ファイルでは度とされていますが、{ NUMBER($largest, minimumFractionDigits: 2, maximumFractionDigits: 2) } を超える角度がありません。ラジアンの可能性があります。その場合は inDegrees=no としてください。
finding-angles-too-great = ファイルではラジアンとされていますが、{ NUMBER($largest, minimumFractionDigits: 1, maximumFractionDigits: 1) } の角度があります。度の可能性があります。その場合は inDegrees=yes としてください。
finding-beyond-range = 動作で { WORD($coordinate) } が { NUMBER($low_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° ～ { NUMBER($high_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° となりますが、この下肢の範囲は { NUMBER($least_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° ～ { NUMBER($most_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° です。符号規約の異なるモデル用に作られた動作でないか確認してください。
finding-markers-missed = モデルのマーカーは計測値から { NUMBER($rms_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm（二乗平均平方根）離れ、`{ WORD($marker) }` は { NUMBER($time_s, minimumFractionDigits: 2, maximumFractionDigits: 2) } 秒で { NUMBER($most_mm, minimumFractionDigits: 0, maximumFractionDigits: 0) } mm 離れています。通常は 20 mm および 40 mm 未満です。モデルが本人に合わせてスケーリングされているか、マーカーの名称と位置、ファイルの座標軸を確認してください。
finding-coordinates-not-determined = 全 { $of } 時点のうち括弧内の時点数で、マーカーとタスクからは次の座標が定まらず、直前の値のままです：{ WORD($coordinates) }。これらの関節より遠位にマーカーを追加するか、モデルで固定してください。
finding-tracking-not-converged = { $of } 時点のうち { $frames } 時点で、マーカーに最も近い座標に到達しませんでした。範囲が制限された座標と、モデルのマーカーの位置を確認してください。
finding-not-upright = 最初の時点でモデルは直立から { NUMBER($angle_deg, minimumFractionDigits: 0, maximumFractionDigits: 0) }° 傾き、ファイルの { WORD($axis) } 軸に沿って横たわっています。本人が立っていた場合、ファイルの鉛直軸は OpenSim の y 軸ではありません。座標軸を回転してください。そうしないと重力が誤った向きに働きます。
finding-motion-left-aside = 記録された動作のうち除外したもの：{ WORD($what) }。
finding-residual-force = { $instants } 時点のうち { $beyond } 時点で荷重と動作が釣り合いません。{ WORD($body) } の残差力は最大 { NUMBER($force_n, minimumFractionDigits: 1, maximumFractionDigits: 1) } N（体重の { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } %、{ NUMBER($time_s, minimumFractionDigits: 3, maximumFractionDigits: 3) } s）です。フォースプレート、その位置と足への割り当て、モデルの質量を確認してください。関節力にも同程度の誤差があります。
finding-residual-moment = { $instants } 時点のうち { $beyond } 時点で荷重と動作が釣り合いません。{ WORD($body) } の残差モーメントは最大 { NUMBER($moment_n_m, minimumFractionDigits: 1, maximumFractionDigits: 1) } N m（体重と重心高の積の { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } %、{ NUMBER($time_s, minimumFractionDigits: 3, maximumFractionDigits: 3) } s）です。フォースプレート、その位置と足への割り当て、モデルの質量を確認してください。関節力にも同程度の誤差があります。
finding-moment-out-of-reach = { $instants } 時点のうち { $beyond } 時点で、筋が動作のモーメントを発揮できません。座標 { WORD($coordinate) } で最大 { NUMBER($most, minimumFractionDigits: 1, maximumFractionDigits: 1) } N m（または N）不足します。これらの時点について示す筋力は、可能な範囲で最も近い値です。荷重、筋力、リザーブアクチュエータを確認してください。
finding-forces-do-not-bear-the-motion = ファイルの力では動作が生じません。座標 { WORD($coordinate) } で { NUMBER($time_s, minimumFractionDigits: 2, maximumFractionDigits: 2) } s に { NUMBER($force_n, minimumFractionDigits: 0, maximumFractionDigits: 0) } N 不足します。反力は与えられた動作に対して計算します。OpenSim はこのような力による動作の変化を許し、異なる反力を得ます。残差およびリザーブアクチュエータの力を含めてください。
finding-moments-do-not-bear-the-motion = ファイルの力では動作が生じません。座標 { WORD($coordinate) } で { NUMBER($time_s, minimumFractionDigits: 2, maximumFractionDigits: 2) } s に { NUMBER($moment_n_m, minimumFractionDigits: 0, maximumFractionDigits: 0) } N m 不足します。反力は与えられた動作に対して計算します。OpenSim はこのような力による動作の変化を許し、異なる反力を得ます。残差およびリザーブアクチュエータの力を含めてください。

## search

finding-stiff-by-sitting = 立位から通常座位への変化により脊椎の可動性が低いと判定しましたが、この基準は偽陽性が多いため、これを理由に計画を変更する前に座位前屈像を撮影してください。
finding-search-stopped = 探索は途中で中止されました。これまでに見つかった最良の計画であり、最良とは限りません。
finding-criterion-not-judged = 基準 { WORD($criterion) } は、この患者では値を計測できないため評価していません。
finding-no-plan-meets-criteria = これらの基準を満たす計画はありません。最良の計画でも成功確率は { NUMBER($most_percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } % 以下のため、規則による計画を維持します。制限となる基準を除くと確率は { NUMBER($together_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % です。
finding-criterion-in-the-way = 制限となる基準：{ WORD($criterion) }。これを除くと成功確率は { NUMBER($without_percent, minimumFractionDigits: 0, maximumFractionDigits: 0) } % です。基準の限界値を緩和するか、リスクを承知の上で受け入れてください。
