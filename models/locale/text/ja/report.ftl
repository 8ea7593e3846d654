# UNREVIEWED machine-made translation; no speaker of Japanese has checked it.

## head of the page

report-title = 股関節手術計画（{ WORD($side) }側）
report-no-plan = { WORD($side) }股関節：計画なし
report-plan = { WORD($side) }股関節の手術計画
report-purpose = 計画・研究用のツールであり、承認された医療機器ではありません。すべての数値は術者による判断が必要です。
report-unreviewed = このレポートの日本語は機械翻訳であり、日本語話者による確認を受けていません。
report-source = 出典：{ $source }
report-not-planned-because = この股関節は次の理由により計画されませんでした。
report-not-planned = この股関節は計画されませんでした。
report-measured-all-the-same = 画像から計測できた項目は以下に示します。
report-of-side =
    { $side ->
        [left] 左{ $what }
       *[right] 右{ $what }
    }
report-right-and-left = 左右
report-numbered = { $what } { $number }
report-list = { $first }、{ $next }
report-list-apart = { $first }；{ $next }
report-and = { $others }および{ $last }
report-from-to = { $low } ～ { $high }
report-less-than = < { $value }
report-more-than = > { $value }
report-not-known = 不明
report-two-angles = { $inclination } / { $anteversion }

## units

report-degrees = { $number }°
report-percent = { $number } %
report-hounsfield = { $number } HU
report-millimetres = { $number } mm
report-square-millimetres = { $number } mm²
report-cubic-centimetres = { $number } cm³
report-grams = { $number } g
report-milligrams-per-cubic-centimetre = { $number } mg/cm³
report-newtons = { $force } N
report-joules = { $work } J
report-body-weights = { $percent } %BW

## first figures

report-chance-of-all = 全基準を満たす確率
report-interval-and-by-rule = { $interval }；規則による計画では { $by_rule }
report-leg-length = 脚長
report-global-offset = グローバルオフセット
report-to-other-side = 対側との差
report-to-other-side-spread = { $spread }、対側との差
report-to-other-side-changed = 対側との差；変化量 { $change }
report-to-other-side-spread-changed = { $spread }、対側との差；変化量 { $change }
report-change-alone = 変化量；対側は計測されていません
report-change-alone-spread = { $spread }、変化量；対側は計測されていません
report-hip-centre = 骨頭中心
report-shift-medial = 内方 { $by }
report-shift-lateral = 外方 { $by }
report-shift-superior = 上方 { $by }
report-shift-inferior = 下方 { $by }
report-shift-anterior = 前方 { $by }
report-shift-posterior = 後方 { $by }
report-shift-of-native = 元の骨頭中心に対し{ $second }、{ $third }
report-shift-of-mirrored = 対側の骨頭中心の鏡像に対し{ $second }、{ $third }
report-shift-spread = { $shift }；{ $spread }
report-cup = カップ
report-cup-size = { $size } mm
report-cup-parts = { $family }、{ $liner }ライナー、骨頭 { $head } mm
report-inclination-anteversion = 外方開角 / 前方開角
report-radiographic-supine = X線学的定義、仰臥位機能的骨盤面
report-of-shell = シェル表面に対する割合
report-of-shell-spread = { $spread }、シェル表面に対する割合
report-stem = ステム
report-stem-size = サイズ { $size }
report-stem-size-unknown = サイズ不明
report-stem-parts = { $family }、頸体角 { $neck_shaft }、{ $offset }オフセット、骨頭 { $head }
report-stem-parts-drawn = 図示はサイズ { $size }；{ $family }、頸体角 { $neck_shaft }、{ $offset }オフセット、骨頭 { $head }
report-cup-and-stem = カップとステム
report-cup-and-stem-spread = { $spread }、カップとステム
report-met-of-all = { $met } / { $all }
report-motions-met = 必要可動域を満たす運動
report-motions-short = 不足 { $count }
report-motions-undecided = 判定保留 { $count }
report-motions-not-judged = 判定不能 { $count }

## components

report-components = コンポーネント
report-part = 部品
report-family = 種類
report-choice = 選択
report-shell-choice = 外径 { $size } mm
report-screw = スクリュー
report-screw-choice = { $length } mm、ホール { $hole }
report-liner-choice = ポリエチレン厚 { $thickness } mm
report-liner-choice-lip = ポリエチレン厚 { $thickness } mm、リップは上方から前方へ { $direction }
report-stem-choice = サイズ { $size }、頸体角 { $neck_shaft }、{ $offset }オフセット、前捻 { $version }（基準：{ $reference }）
report-head-choice = { $diameter } mm、骨頭オフセット { $offset }

## before and after

report-before-and-after = 術前と計画の比較
report-column-as-scanned = 術前
report-column-planned = 計画
report-column-change = 変化
report-native = 元の位置
report-compared-femoral-offset = 大腿骨オフセット（骨頭中心－骨軸）
report-compared-inclination = 外方開角（寛骨臼とカップ）
report-compared-anteversion = 前方開角（寛骨臼とカップ）
report-compared-version = 大腿骨前捻角
report-compared-neck-shaft = 頸体角
report-compared-head = 骨頭径

## findings

report-findings = 所見
report-no-others = その他の所見はありません。
report-none = なし。
report-against-limit = { $value }、限界値 { $limit }

## pictures

report-pictures = 画像
report-pictures-scale = すべて実寸比で表示し、スケールバーはミリメートルを示します。R と L は患者の右と左、A と P は前と後です。
report-pictures-planned = 計画の断面では、骨切り後の大腿骨を元の濃淡のまま計画上の位置に移して示し、元の位置を暗く表示します。X線像は撮影時の濃淡のまま、移動後の大腿骨の輪郭を示します。断面には各部品のうち断面と交わる部分だけが示されます。
report-stage-scanned = 術前
report-stage-planned = 計画（{ WORD($side) }側）
report-radiograph = 模擬正面X線像、{ $stage }：スキャナーの前後方向の平行投影であり、拡大はありません。幅 { $width } mm、1 画素 { $pixel } mm。このページを A4 に 100 % で印刷すると縮尺は 1 : { $scale } です。
report-scene-front = 骨の正面像、{ $stage }
report-scene-oblique = 骨の{ WORD($side) }前斜位像、{ $stage }
report-plane-coronal = 冠状断
report-plane-sagittal = 矢状断
report-plane-axial = 横断
report-slice-planned-centre = 計画上の回転中心を通る{ $plane }像、{ $stage }
report-slice-head = 大腿骨頭中心を通る{ $plane }像、{ $stage }
report-slice-acetabulum = 寛骨臼中心を通る{ $plane }像、{ $stage }
report-slice-hip-bone = 寛骨中心を通る{ $plane }像（関節を検出できなかったため）、{ $stage }
report-slice-femur = 大腿骨中心を通る{ $plane }像（関節を検出できなかったため）、{ $stage }

## orientation of the cup

report-cup-orientation = カップ設置角
report-cup-definition = 定義（Murray 1993）
report-supine-plane = 仰臥位機能的骨盤面
report-anterior-plane = 前骨盤平面（APP）
report-column-inclination = 外方開角
report-column-anteversion = 前方開角
report-column-version = 前捻
report-radiographic = X線学的
report-operative = 手術的
report-anatomical = 解剖学的
report-version-native-femur = 大腿骨（術前、Murphy法）
report-version-native-head = ステム軸まわりの元の大腿骨
report-version-stem = ステム
report-version-combined = 複合前捻（カップ＋ステム）
report-version-combined-widmer = 複合前捻（カップ＋0.7×ステム）

## numbers of the plan

report-plan-does = 計画による数値
report-column-quantity = 項目
report-column-value = 値
report-column-sd = SD
report-column-how-obtained = 求め方
report-group-leg-length = 脚長とオフセット
report-group-lever-arms = 外転筋レバーアームと股関節力
report-group-cup = カップ
report-group-stem = ステム
report-group-together = カップとステムの組合せ
report-group-screws = スクリュー
report-group-rest = その他の数値
report-of-hole = { $quantity }、ホール { $hole }

## range of motion

report-range-of-motion = 可動域
report-motion-posture = 骨盤：{ $pelvis }。この姿勢でのカップ { $cup }（X線学的外方開角・前方開角）、オシレーション角 { $oscillation }、ジャンピングディスタンス { $jumping }。
report-column-motion = 運動
report-column-limit = 限界
report-column-required = 必要
report-column-margin = 余裕
report-column-first-contact = 最初の接触
report-column-neck-alone = ネックのみ
report-column-bone-alone = 骨のみ
report-of-required = 必要
report-of-margin = 余裕
report-of-neck-alone = ネックのみ
report-of-bone-alone = 骨のみ
report-motion-limits = 限界は運動の開始位置から測ります。濃い印は一般に必要とされる可動域です。{ $plus_minus } は標準偏差 1 つ分で、骨盤と大腿骨のゼロ位置および骨表面の不確かさによります（{ $spread }）。余裕がこれより小さい場合は判定保留です。灰色の限界は関節包と筋が通常許す範囲を超えており（本プログラムの仮定）、骨とインプラントだけで許される角度を併記します。計画上の中心まわりの回転で、軟部組織は含みません。角度は仰臥位機能的骨盤に平行な ISB 大腿骨座標系から、顆部が撮影範囲にない場合は撮影時の下肢肢位から測ります。ネックとライナーの接触は解析解、骨盤に対する大腿骨とステムおよびカップに対する大腿骨は三角形の厳密な交差判定によります。
report-tilted-backwards = { $posture }、仰臥位から後傾 { $tilt }
report-tilted-forwards = { $posture }、仰臥位から前傾 { $tilt }
report-motion-spread = 骨盤 { $pelvis }、大腿骨は回旋 { $rotation }、屈曲・内転 { $lean }、骨表面 { $surface }
report-examination = 診察肢位
report-posterior-dislocation = 後方脱臼肢位
report-anterior-dislocation = 前方脱臼肢位
report-blocked = 不可
report-short = 不足
report-undecided = 判定保留
report-no-contact = 接触なし
report-bone-and-implants = 骨とインプラント { $angle }
report-bone-and-implants-free = 骨とインプラントのみ：インピンジメントなし
report-bare-stem = ステム（大腿骨が撮影範囲外のため周囲の骨なしでモデル化）

## activities

report-activities = 日常動作
report-column-activity = 動作
report-column-flexion-to = 最大屈曲
report-column-in-contact = 接触
report-column-least-clearance = 最小間隙
report-column-nearest = 最近接の組
report-column-force-to-rim = 力からリム
report-column-clearance-course = 動作中の間隙
report-of-flexion-to = 最大屈曲
report-of-in-contact = 接触
report-of-least-clearance = 最小間隙
report-of-force-to-rim = 力からリム
report-activity-angles = 角度は集団の平均であり、個人では 10 度以上異なります。屈曲は仰臥位の骨盤に対する股関節の角度です。間隙は最も近い接触までの距離、接触時は接触深さの負値です。曲線は { $from } ～ 12 mm を示し、線はゼロ、色は接触を表します。「力からリム」は、実測された関節力とライナーのリムとの最小角度（骨頭中心から見た角度）です。
report-where-angles-come-from = 角度の出典
report-evidence = 出典に記載または導出された数値：{ $all } 個中 { $known } 個。その他は未確認です。
report-free = 接触なし

## after contact

report-after-contact = 接触後の挙動
report-after-contact-means = 脱臼しやすい運動を、ネックとライナーの接触を越えて骨頭が脱臼するまで続けたものです。骨頭を保持する力は仮定であるため、数値は計画の比較に用い、患者のリスクを予測するものではありません。
report-column-held-by = 保持
report-column-neck-meets-rim = ネックとライナーの接触
report-column-meets-before = 先行する接触
report-column-dislocation = 脱臼
report-column-most-moment = 最大モーメント
report-column-work = 仕事
report-not-followed = シミュレーションなし：{ $why }
report-of-neck-meets-rim = ネックとライナーの接触
report-of-dislocation = 脱臼
report-of-most-moment = 最大モーメント
report-of-work = 仕事
report-after-contact-plot = 回転に抵抗するモーメント：実線は筋のみ、破線は筋と関節包による骨頭の保持。白丸はネックとライナーの接触、黒丸は脱臼です。ここでは骨頭・ネック・ライナー（リップなし）だけをシミュレーションしており、他の組の接触が先行する場合は、それが真の支点です。
report-held-by-muscles = 筋
report-held-by-muscles-and-capsule = 筋と関節包
report-never = なし
report-stays-in = 脱臼せず
report-moment-at = { $moment } N m（{ $turn }）
report-axis-turn = 回転角（度）
report-axis-moment = 抵抗モーメント（N m）

## map of all positions

report-all-positions = 全肢位
report-map-fractions = 計算した回転のうち { $reachable } は中間位から接触せずに到達でき、{ $free } は接触がありません。
report-map-means = 股関節の全肢位を 1 度刻みで、接触する組により色分けして示します（複数の場合は凡例の先のもの）。角度は、姿勢によらず、仰臥位の骨盤に対する関節角度です。菱形は必要な運動を文字で示し（{ $required }）、赤の塗りつぶしは計画では到達しないもの、灰色は判定保留です。線は動作の番号で、内転角の差が { $near }{ $degree } 以内の断面に描き、屈曲が最大の位置に番号を付けます。点は接触を示します。割合はすべての回転を等しく重み付けします（不変測度）。
report-what-stops = 各運動の制限因子
report-what-stops-means = 大腿骨を限界まで回転した状態で、輪は最初の接触を示します。計画どおりの骨とインプラントを、接触が最もよく見える方向から示します。
report-free-behind = 接触はないがインピンジメントを越えてしか到達できない
report-abducted = 外転 { $angle }
report-adducted = 内転 { $angle }
report-neither-abducted = 内外転中間位
report-axis-flexion = ← 伸展   屈曲（度） →
report-axis-rotation = ← 外旋   内旋（度） →
report-lettered = { $letter } { $motion } { $angle }
report-contact = { $motion }、{ $angle } まで：{ $cause }。{ $from }見た図。
report-contact-without-femur = { $motion }、{ $angle } まで：{ $cause }。{ $from }見た図（大腿骨を除く）。
report-from-front = 前方
report-from-behind = 後方
report-from-outer-side = 外側
report-from-inner-side = 内側
report-from-above = 上方
report-from-below = 下方
report-seen-from-one = { $first }から
report-seen-from-two = { $first }・{ $second }から
report-seen-from-three = { $first }・{ $second }・{ $third }から

## chance of success

report-chance-of-success = 成功確率
report-edited = この症例の計画は推奨計画と異なります（相違：{ $parts }）。この節は推奨計画と規則による計画について述べています。
report-search-stopped = 探索は途中で中止されました。推奨計画はそれまでで最良のものであり、最良とは限りません。
report-out-of-reach = これらの基準を満たす計画はありません。最良の計画でも確率は { $most } 以下であり、規則による計画を維持します。制限となる基準と、それぞれを緩和した場合の確率：
report-without-all = これらすべてを除いた場合：{ $chance }。
report-list-comma = 、
report-list-semicolon = ；
report-list-end = 。
report-chance-means = 判定可能な { $count } 個の基準（{ $criteria }）すべてが 1 人の患者で満たされる確率です。手術時の誤差（{ $error_model }）、計測の不確かさ、骨盤傾斜のばらつきを考慮します。モンテカルロサンプル数 { $samples }、試行した計画数 { $tried }。
report-tilts = 仰臥位からの骨盤傾斜（後傾が正）：
report-tilt = { $posture } { $tilt }（{ $how }）
report-success-means = 「成功」は判定可能な全基準が満たされるサンプルを指し、患者の治療成績を予測するものではありません。
report-what-was-changed = 変更点
report-column-by-rule = 規則
report-column-recommended = 推奨
report-column-by-rule-figure = 規則
report-column-recommended-figure = 推奨
report-of-by-rule = 規則
report-of-recommended = 推奨
report-changes-mean = 太字は相違点です。カップ中心は元の寛骨臼中心に対する、仰臥位機能的骨盤面の軸に沿った値です。外方開角と前方開角はその面での X線学的定義、ステム高位は通常の骨切り高位からの値です。
report-column-what-changed = 変更
report-column-gain = 利得（点）
report-column-price = 代償（点）
report-of-gain = 利得
report-of-price = 代償
report-gain-means = 利得は、その変更だけを行わない場合に失われる確率（標準誤差付き）、代償はその変更が達すべき利得です。利得がサンプリング誤差を超えて代償を上回らない変更は行いません。
report-gains-by-criterion = 基準ごとの、規則による計画との差（点）：
report-nothing-gains = 利得がサンプリング誤差を超えて代償を上回る変更は見つかりませんでした。規則による計画を推奨します。
report-slips = カップ設置角が目標と異なる場合の確率の変化：
report-slip = { $how }で { $points } 点
report-the-cup = カップ
report-the-liner = ライナー
report-the-head = 骨頭
report-the-stem = ステム
report-the-aims = 設置の目標
report-recommended-plan = 推奨計画
report-plan-by-rule = 規則による計画
report-interval = 95 % 区間 { $low } ～ { $high } %
report-gain = 利得
report-points = { $points } 点
report-of-100 = パーセントポイント、同一サンプルによる
report-without-an-image = 性別・身長・体重のみの場合
report-gain-over-it = これに対する利得 { $points } 点；{ $interval }
report-limiting-criterion = 制限となる基準
report-without-this = この基準を除くと { $chance }
report-nearest-to-limit = 限界値に最も近い基準
report-cup-sizes = カップサイズ
report-stem-sizes = ステムサイズ
report-cup-size-chance = { $size } mm：{ $chance }
report-stem-size-chance = { $size }：{ $chance }
report-no-other-size = 他のサイズは見込まれません
report-standing = 立位
report-sitting = 座位
report-leaning-forwards = 座位前屈
report-chosen-shell = { $family }、{ $size } mm
report-chosen-liner = { $liner }、リップは上方から前方へ { $direction }
report-chosen-head = { $diameter } mm、オフセット { $offset }
report-chosen-stem = { $family }、サイズ { $size }、頸体角 { $neck_shaft }、{ $offset }オフセット
report-part-and-choice = { $part }：{ $choice }
report-changed = 変更
report-held = 固定
report-changed-from-to = { $part }：{ $from } → { $to }
report-with-error = { $points } ± { $error }
report-cup-steeper = 外方開角が { $angle }° 大きい場合
report-cup-flatter = 外方開角が { $angle }° 小さい場合
report-cup-more-anteverted = 前方開角が { $angle }° 大きい場合
report-cup-less-anteverted = 前方開角が { $angle }° 小さい場合

## criteria

report-criteria = 基準
report-column-criterion = 基準
report-column-ideal = 理想
report-column-holds = 達成
report-column-range = 5 ～ 95 %
report-column-desirability = 望ましさ
report-binds = 制限
report-of-limit = 限界
report-of-ideal = 理想
report-of-holds = 達成
report-of-range = 5 ～ 95 %
report-not-measurable = この患者では計測できません。
report-criteria-mean = 数値は計画が正確に実行された場合の値で、限界を満たさないものは赤で示します。「{ $holds }」は基準を満たすサンプルの割合、「5 ～ 95 %」はサンプルの 9 割が入る範囲です。棒は推奨値の望ましさを示し、限界で半分、理想以上で全長になります。濃い印は規則による計画です。悪いものから順に並べます。動作はインピンジメントまでに残る角度で判定します。
report-where-limits-come-from = 限界値の出典
report-criteria-fixation = 固定性
report-criteria-restoration = 再建
report-criteria-motion = 可動域
report-criteria-stability = 安定性
report-criteria-orientation = 設置角
report-motion-in-posture = { $motion }、骨盤{ $posture }
report-no-value = なし
report-not-judged = 判定不能

## map of the orientation of the cup

report-orientation-of-cup = カップ設置角の分布
report-best-orientation = 推奨コンポーネントと推奨中心では、成功確率が最も高い設置角は { $orientation }（{ $chance }）です。
report-no-orientation = 推奨コンポーネントと推奨中心では、全基準を満たす設置角はどのサンプルにもありません。
report-legend-recommended = 推奨
report-legend-by-rule = 規則
report-legend-error = 手術時誤差の標準偏差：外方開角 { $inclination }、前方開角 { $anteversion }
report-legend-zone = Lewinnek の安全域
report-orientation-map-means = カップの目標設置角（X線学的、仰臥位機能的骨盤面）。その他は推奨どおりとするため、規則による計画の印はその設置角を示し、確率を示しません。1 度刻みの各設置角で { $samples } サンプル、誤差は共通です。2 番目の図は、カップの骨被覆率と、ステムだけで決まる基準を除いています。
report-orientation-map-leaves-out = 大腿骨とカップの接触はここでは含めず、動作中の接触はすべて数えます。
report-motion-and-stability = 可動域と安定性の基準を満たす確率
report-zone = Lewinnek の安全域は外方開角 30 ～ 50 度、前方開角 5 ～ 25 度です。{ $zone }。
report-zone-own = 前骨盤平面に対して定義されており、この患者の仰臥位の骨盤に合わせて描いています
report-zone-completed = 前骨盤平面に対して定義されており、ここでは形状モデルで推定した平面を用い、この患者の仰臥位の骨盤に合わせて描いています
report-zone-not-seen = 前骨盤平面に対して定義されていますが、この画像に含まれないため、仰臥位機能的骨盤面をこれに代えて描いています
report-chance-below = { $high } % 未満
report-chance-between = { $low } ～ { $high } %
report-chance-from = { $low } % 以上
report-error-of-model = 誤差モデルの標準偏差
report-orientation-by-rule = 規則：外方開角 { $inclination }°、前方開角 { $anteversion }°
report-orientation-recommended = 推奨：外方開角 { $inclination }°、前方開角 { $anteversion }°
report-axis-inclination = 外方開角（度） →
report-axis-anteversion = 前方開角（度） →

## alternative plans

report-alternative-plans = 代替計画
report-pareto = 試行した計画のうち { $plans } 個は、すべての基準群でこれに勝る計画がないものです。右および上ほど良好です。
report-legend-other-plans = その他の計画
report-pareto-means = サンプルにわたる基準群の平均の望ましさ（100 分率）で、50 が限界です。軸は最も相反する 2 群です。印にポインターを合わせると内容が表示されます。その他の計画は { $samples } サンプル、印のある 2 つは全サンプルで評価しました。
report-coloured-by = 色：{ $group }
report-undominated = パレート最適の計画
report-axis-desirability = { $group }の望ましさ →
report-group-desirability = { $group } { $desirability }
report-mark-tried = 試行。望ましさ：{ $desirabilities }。{ $components }
report-mark-by-rule = 規則。望ましさ：{ $desirabilities }。{ $components }
report-mark-recommended = 推奨。望ましさ：{ $desirabilities }。{ $components }

## prices

report-what-a-degree-costs = 1 度・1 ミリメートルの影響
report-column-one-more = ＋1
report-column-changes-most = 最も変化する基準
report-column-one-less = －1
report-prices-mean = 推奨計画の 1 つの数値だけを変え、他を保った場合の、全基準を満たす確率の変化（パーセントポイント）。{ $samples } サンプル、前後で同一です。併記するのは最も変化する基準で、正確に実行した場合の値と、達成確率の変化（点）です。
report-by-a-degree = { $variable }、1° ごと
report-by-a-millimetre = { $variable }、1 mm ごと
report-criterion-changes = { $criterion } { $change }
report-criterion-changes-holds = { $criterion } { $change }（達成 { $points }）

## muscles and loads

report-muscles-and-loads = 筋と荷重
report-body-mass = 体重 { $mass } ± { $spread } kg（{ $method }）。
report-attachments = { $method }（各 ± { $spread }）。
report-no-attachments = 筋を骨に適合できませんでした。所見を参照してください。
report-stance = 片脚起立：{ $force }（{ $method }）。
report-no-stance = 静的釣合いは求められませんでした。所見を参照してください。
report-forces-too-great = 筋モデルによる股関節力は体重の 33 % ずれ（計測機能付き人工股関節 7 例の中央値）、多くは過大です。力の大きさは静的釣合いを、計画による変化は筋モデルを参照してください。
report-peak = 最大 { $peak }。
report-peak-before = 最大 { $peak }、術前 { $before }（変化 { $change }）。
report-force-drawing = 左：関節力の大きさ。実線は計画。
report-force-drawing-before = 左：関節力の大きさ。実線は計画、破線は術前。
report-force-drawing-samples = 左：関節力の大きさ。実線は計画、帯は筋力・付着部・歩容の { $samples } サンプルの 5 ～ 95 パーセンタイル。
report-force-drawing-before-samples = 左：関節力の大きさ。実線は計画、破線は術前、帯は筋力・付着部・歩容の { $samples } サンプルの 5 ～ 95 パーセンタイル。
report-liner-drawing = 右：力がライナーに作用する位置。右股関節の開口部をのぞいた向き（左は鏡像）で、上が上方、右が前方です。輪は極からの角度、網掛けの円盤の縁がリム、点は動作の 10 分の 1 ごとで力とともに大きくなります。カタログの動作は集団の平均をこの患者に合わせて拡大縮小したもので、患者自身の動作ではありません。静的最適化は負担が最小となるように荷重を配分しますが、実際の人がそうするとは限りません。
report-where-motions-come-from = 動作の出典
report-what-plan-does-to-muscles = 計画が筋に及ぼす影響
report-column-muscle = 筋
report-column-strength = 筋力
report-column-longer-by = 伸長
report-column-fibre-length = 筋線維長
report-column-flexion-arm = 屈曲アーム
report-column-abduction-arm = 外転アーム
report-column-rotation-arm = 回旋アーム
report-column-peak-force = 最大筋力
report-generic = 標準
report-muscle-loads-mean = 直立位。筋力は画像上の除脂肪体積により、筋全体が写っていない場合は体格に合わせた標準筋によります。筋線維長は至適長に対する比です。モーメントアームは屈曲・外転・内旋の方向を正とします。
report-peak-forces-of = 最大筋力の動作：{ $activity }。
report-no-muscle-model = 筋モデルによらない
report-no-muscle-model-before = 筋モデルによらない、術前 { $force }
report-peak-by-muscles = 最大股関節力（筋モデル）
report-peak-force = { $activity }：{ $force } N
report-peak-force-samples = { $activity }：{ $force } N；サンプル { $low }、{ $middle }、{ $high }（5、50、95 %）
report-abductor-lever-arm = 外転筋レバーアーム
report-as-scanned-and-change = 術前 { $before }、{ $change }
report-abductor-reserve = 外転筋予備力
report-reserve-of = 片脚起立で余る割合（全体 { $moment } N m）；許容される骨盤下降 { $drop }
report-pelvic-drop = { $drop }°
report-pelvic-drop-or-more = { $drop }° 以上（その下降での予備力 { $percent } %）
report-force-to-rim-least = 力からリムまでの最小角度
report-contact-to-rim = { $activity }：接触中心からリムまで { $distance }
report-change-samples = { $change }（サンプル { $low } ～ { $high }）
report-least-to-rim = リムまでの最小角度 { $angle }。
report-least-to-rim-contact = リムまでの最小角度 { $angle }、縁での接触は時間の { $share }。
report-seated-unknown = 座位：不明
report-axis-cycle = 周期（%） →
report-axis-force = 関節力（体重の %） →
report-on-the-liner = ライナー上
report-bearing-to-rim = 摺動面（リムまで）
report-letter-superior = 上
report-letter-anterior = 前
report-letter-inferior = 下
report-letter-posterior = 後
report-force-at = 周期の { $percent } %：{ $force }

## measurements as scanned

report-measurements = 術前計測
report-column-right = 右
report-column-left = 左
report-of-right = 右
report-of-left = 左
report-nothing-measured = 計測できた項目はありません。
report-group-pelvis = 骨盤
report-group-acetabulum = 寛骨臼
report-group-joint = 関節
report-group-femur = 大腿骨
report-of-completed-pelvis = { $quantity }（補完した骨盤）
report-of-completed-femur = { $quantity }（補完した大腿骨）
report-methods-of-sides = 右：{ $right } 左：{ $left }

## muscles as scanned

report-muscles = 筋
report-column-side = 側
report-column-volume = 体積
report-column-lean-mass = 除脂肪量
report-column-fat = 脂肪
report-column-mean = 平均
report-column-dice = 予測 Dice
report-column-lean-difference = 除脂肪量、右－左
report-muscle-side =
    { $state ->
        [cut] { WORD($side) }、撮影範囲外あり
       *[whole] { WORD($side) }
    }
report-muscles-mean = 画像のラベルにより、精度もラベルの精度にとどまります。脂肪の割合は除脂肪筋（58 HU）と脂肪（-105 HU）の混合から求め、除脂肪量の重みは -30 HU の 0 から 30 HU の 1 まで増加します。差は左右平均に対する百分率です。撮影範囲で切れた筋は写っている範囲で計測し、比較しません。予測 Dice は筋の大きさと、アトラスとネットワークの一致度から求めます。適合に用いた仮想患者と異なる画像ではラベルの順位を示すだけで、正確な推定値ではありません。

## panels of modules

report-modules = モジュール
report-modules-purpose = 研究用モジュールによる予測であり、診断ではありません。根拠と限界は、各モジュールの記載（英語）によります。
report-module-card = このモジュールについて

## not seen, landmarks, foot of the page

report-not-seen = この画像で計測できない項目
report-landmarks = ランドマーク
report-landmarks-frame = 患者座標系（LPS）、ミリメートル；SD は各軸。
report-column-landmark = ランドマーク
report-column-place = x, y, z
report-column-how-found = 求め方
report-folded = 折りたたまれた節は印刷されません。印刷前にページ上で開いてください。
report-sd-means = SD と { $plus_minus }：標準偏差。カップ角は定義と基準面を併記します。脚長は延長、オフセットは外方化を正とします。
report-thing-of-sides = { $thing }（{ $sides }）
report-voxels = { $columns } × { $rows } × { $slices } ボクセル、{ $x } × { $y } × { $z } mm。
report-program = プログラム：Coxa { $version }
report-virtual-patient = 入力：内蔵の仮想患者、シード { $seed }
report-input-hash = { $role }：BLAKE3 { $hash }
