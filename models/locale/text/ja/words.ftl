# UNREVIEWED machine-made translation; no speaker of Japanese has checked it.

## quantities

word-pelvic-tilt = 骨盤傾斜
word-distance-between-the-asis = 両上前腸骨棘間距離
word-acetabular-inclination-supine-functional-plane = 寛骨臼外方開角（仰臥位機能的骨盤面）
word-acetabular-anteversion-supine-functional-plane = 寛骨臼前方開角（仰臥位機能的骨盤面）
word-acetabular-inclination-anterior-pelvic-plane = 寛骨臼外方開角（前骨盤平面）
word-acetabular-anteversion-anterior-pelvic-plane = 寛骨臼前方開角（前骨盤平面）
word-lateral-centre-edge-angle = 外側 CE 角
word-acetabular-roof-angle-t-nnis = 臼蓋傾斜角（Tönnis）
word-sharp-angle = Sharp 角
word-head-diameter = 骨頭径
word-neck-shaft-angle = 頸体角
word-femoral-version-murphy = 大腿骨頸部前捻角（Murphy）
word-femoral-offset = 大腿骨オフセット
word-femur-length = 大腿骨長
word-femur-length-right-minus-left = 大腿骨長、右－左
word-femoral-head-density = 大腿骨頭骨密度
word-cortical-thickness-of-the-shaft = 骨幹部皮質骨厚
word-minimum-joint-space = 最小関節裂隙
word-mean-joint-space = 平均関節裂隙
word-joint-space-superior = 関節裂隙（上方）
word-joint-space-medial = 関節裂隙（内方）
word-joint-space-anterior = 関節裂隙（前方）
word-head-asphericity = 骨頭の非球面度
word-aspherical-fraction-of-the-head = 骨頭の非球面部分の割合
word-head-migration-superior = 骨頭の上方移動
word-head-migration-lateral = 骨頭の外方移動
word-proximal-migration-of-the-head-crowe = 骨頭の近位移動（Crowe）
word-osteophyte-or-cam-height = 骨棘または cam の高さ
word-subchondral-sclerosis = 軟骨下骨硬化
word-subchondral-cysts = 軟骨下骨嚢胞
word-leg-length-right-minus-left = 脚長差、右－左
word-hip-length = 股関節部の脚長
word-global-offset-right-minus-left = グローバルオフセット、右－左
word-global-offset = グローバルオフセット
word-leg-length-operated-minus-other-side = 脚長差、手術側－対側
word-leg-length-change = 脚長の変化
word-chance-of-lengthening-beyond-the-sciatic-nerve-s-limit = 坐骨神経の限度を超える脚延長の確率
word-global-offset-operated-minus-other-side = グローバルオフセット、手術側－対側
word-global-offset-change = グローバルオフセットの変化
word-femoral-offset-native = 大腿骨オフセット（術前）
word-anterior-shift-of-the-femur = 大腿骨の前方移動
word-bone-coverage = 骨被覆率
word-rim-overhang = リムの突出
word-centre-edge-angle-of-the-cup = カップ CE 角
word-residual-medial-wall = 残存内壁
word-residual-anterior-wall = 残存前壁
word-residual-posterior-wall = 残存後壁
word-hole-in-the-medial-wall = 内壁の欠損面積
word-hole-in-the-anterior-wall = 前壁の欠損面積
word-hole-in-the-posterior-wall = 後壁の欠損面積
word-shell-to-labelled-vessels = シェルと血管の距離
word-chance-of-a-vessel-near-the-shell = シェル近傍に血管がある確率
word-anterior-rim-to-iliac-vessels = 前縁と腸骨血管の距離
word-posterior-rim-to-sciatic-nerve = 後縁と坐骨神経の距離
word-press-fit-contact = プレスフィット接触率
word-hip-centre-medial-shift = 骨頭中心の内方移動
word-hip-centre-superior-shift = 骨頭中心の上方移動
word-hip-centre-anterior-shift = 骨頭中心の前方移動
word-shell-centre-medial-shift = シェル中心の内方移動
word-shell-centre-superior-shift = シェル中心の上方移動
word-shell-centre-anterior-shift = シェル中心の前方移動
word-shell-to-teardrop = シェルと涙痕の距離
word-cup-inclination-radiographic-supine-functional-plane = カップ外方開角（X線学的、仰臥位機能的骨盤面）
word-cup-anteversion-radiographic-supine-functional-plane = カップ前方開角（X線学的、仰臥位機能的骨盤面）
word-cup-inclination-operative-supine-functional-plane = カップ外方開角（手術的、仰臥位機能的骨盤面）
word-cup-anteversion-operative-supine-functional-plane = カップ前方開角（手術的、仰臥位機能的骨盤面）
word-cup-inclination-anatomical-supine-functional-plane = カップ外方開角（解剖学的、仰臥位機能的骨盤面）
word-cup-anteversion-anatomical-supine-functional-plane = カップ前方開角（解剖学的、仰臥位機能的骨盤面）
word-cup-inclination-radiographic-anterior-pelvic-plane = カップ外方開角（X線学的、前骨盤平面）
word-cup-anteversion-radiographic-anterior-pelvic-plane = カップ前方開角（X線学的、前骨盤平面）
word-cup-inclination-operative-anterior-pelvic-plane = カップ外方開角（手術的、前骨盤平面）
word-cup-anteversion-operative-anterior-pelvic-plane = カップ前方開角（手術的、前骨盤平面）
word-cup-inclination-anatomical-anterior-pelvic-plane = カップ外方開角（解剖学的、前骨盤平面）
word-cup-anteversion-anatomical-anterior-pelvic-plane = カップ前方開角（解剖学的、前骨盤平面）
word-longest-screw = 最長スクリュー
word-screw-purchase = スクリューの骨内長
word-screw-tip-beyond-the-cortex = スクリュー先端の皮質骨外突出
word-screw-direction = スクリューの方向
word-screw-to-labelled-vessels = スクリューと血管の距離
word-chance-of-a-vessel-near-the-screw = スクリュー近傍に血管がある確率
word-canal-fill = 髄腔占拠率
word-cortical-penetration = 皮質骨への食い込み
word-minimum-residual-cortex = 最小残存皮質骨厚
word-resection-above-the-lesser-trochanter = 小転子からの骨切り高位
word-stem-shoulder-to-greater-trochanter = ステムショルダーと大転子の高低差
word-stem-varus = ステム内反
word-stem-flexion = ステム屈曲
word-stem-version = ステム前捻角
word-native-femoral-version-about-the-stem = ステム軸まわりの元の大腿骨前捻角
word-stem-version-change = ステム前捻角の変化
word-combined-anteversion = 複合前捻角
word-combined-anteversion-widmer = 複合前捻角（Widmer）
word-jumping-distance = ジャンピングディスタンス
word-range-of-a-motion = 運動の可動域
word-angular-clearance-in-an-activity = 動作中の余裕角
word-abductor-lever-arm = 外転筋レバーアーム
word-abductor-lever-arm-change = 外転筋レバーアームの変化
word-abductor-lever-arm-operated-minus-other-side = 外転筋レバーアーム、手術側－対側
word-hip-force-single-leg-stance-body-weight = 片脚起立時の股関節力（体重の %）
word-hip-force-single-leg-stance-change-body-weight = 片脚起立時の股関節力の変化（体重の %）
word-edge-loading-distance = エッジローディング距離
word-edge-loading-margin = エッジローディング余裕角
word-cup-inclination = カップ外方開角
word-cup-anteversion = カップ前方開角

## motions

word-flexion = 屈曲
word-extension = 伸展
word-abduction = 外転
word-adduction = 内転
word-internal-rotation = 内旋
word-external-rotation = 外旋
word-internal-rotation-at-90-flexion = 90° 屈曲位内旋
word-external-rotation-at-90-flexion = 90° 屈曲位外旋
word-internal-rotation-at-90-flexion-adducted-10 = 90° 屈曲・10° 内転位内旋
word-internal-rotation-at-45-flexion-adducted-15 = 45° 屈曲・15° 内転位内旋
word-external-rotation-extended-10 = 10° 伸展位外旋
word-external-rotation-extended-10-adducted-10 = 10° 伸展・10° 内転位外旋
word-internal-rotation-at-90 = 90° 屈曲位内旋
word-external-rotation-at-90 = 90° 屈曲位外旋
word-internal-rotation-at-90-adducted-10 = 90° 屈曲・10° 内転位内旋
word-internal-rotation-at-45-adducted-15 = 45° 屈曲・15° 内転位内旋

## postures of the pelvis

word-supine = 仰臥位
word-standing = 立位
word-sitting = 座位
word-flexed-seated = 座位前屈

## activities

word-bowing-from-seiza-to-the-floor = 正座からのお辞儀
word-walking-briskly-as-healthy-people-do = 速歩（健常者）
word-rising-from-a-low-chair-and-sitting-down-again = 低い椅子からの起立と着座
word-rising-from-a-chair = 椅子からの起立
word-sitting-cross-legged-on-the-floor = あぐら
word-bending-the-knees = 膝の屈伸
word-kneeling-on-one-knee-to-pick-something-up = 片膝立ちで物を拾う
word-crossing-the-legs-on-a-chair-thigh-over-thigh = 椅子で脚を組む
word-standing-on-one-leg = 片脚起立
word-turning-away-on-the-standing-leg = 立脚側での方向転換
word-rolling-over-in-bed-the-leg-behind = 寝返り（脚が後方）
word-kneeling-down-and-sitting-on-the-heels-seiza = 正座
word-tying-a-shoe-foot-on-the-floor = 靴ひもを結ぶ（足を床に置く）
word-tying-a-shoe-foot-on-the-other-thigh = 靴ひもを結ぶ（足を対側大腿に乗せる）
word-sitting-down-on-a-chair = 椅子への着座
word-asleep-on-the-side-the-upper-leg-fallen-in = 側臥位での睡眠（上側の脚が内転）
word-squatting = スクワット
word-squatting-to-the-heels = しゃがみ込み
word-going-down-stairs = 階段降段
word-climbing-stairs = 階段昇段
word-bending-to-the-floor-with-straight-knees = 膝伸展位での前屈
word-walking-on-the-level = 平地歩行

## pairs of bodies in contact

word-neck-liner = ネック・ライナー
word-femur-pelvis = 大腿骨・骨盤
word-stem-pelvis = ステム・骨盤
word-femur-cup = 大腿骨・カップ

## severities of findings

word-refusal = 拒否
word-caution = 注意
word-note = 注記

## sides

word-right = 右
word-left = 左

## what findings are about

word-input = 入力
word-series = シリーズ
word-radiograph = X線像
word-labels = ラベル
word-scan = CT画像
word-pelvis = 骨盤
word-sacrum = 仙骨
word-hip = 股関節
word-femur = 大腿骨
word-muscles = 筋
word-plan = 計画
word-cup = カップ
word-head = 骨頭
word-stem = ステム
word-screw = スクリュー
word-range-of-motion = 可動域
word-loads = 荷重
word-motion = 動作
word-postures = 姿勢
word-optimiser = 最適化

## bones and parts of implants

word-hip-bone = 寛骨
word-shell = シェル
word-liner = ライナー
word-mobile-bearing = モバイルベアリング

## landmarks

word-asis = 上前腸骨棘
word-aiis = 下前腸骨棘
word-pubic-tubercle = 恥骨結節
word-psis = 上後腸骨棘
word-ischial-spine = 坐骨棘
word-teardrop = 涙痕
word-head-centre = 骨頭中心
word-neck-isthmus = 頸部最狭部
word-greater-trochanter = 大転子
word-lesser-trochanter = 小転子
word-medial-epicondyle = 内側上顆
word-lateral-epicondyle = 外側上顆
word-medial-posterior-condyle = 内側後顆
word-lateral-posterior-condyle = 外側後顆
word-intercondylar-notch = 顆間窩

## what a scan may not show

word-acetabulum = 寛骨臼
word-anterior-pelvic-plane = 前骨盤平面
word-canal = 髄腔
word-completed-femur = 補完した大腿骨
word-completed-pelvis = 補完した骨盤
word-femoral-head = 大腿骨頭
word-femur-frame = 大腿骨座標系
word-functional-frame = 機能的骨盤座標系
word-neck = 頸部
word-pelvis-frame = 骨盤座標系
word-sciatic-nerve = 坐骨神経
word-shaft-axis = 骨幹軸
word-vessels = 血管

## muscles

word-gluteus-maximus = 大殿筋
word-gluteus-medius = 中殿筋
word-gluteus-minimus = 小殿筋
word-iliopsoas = 腸腰筋
word-tensor-fasciae-latae = 大腿筋膜張筋
word-iliacus = 腸骨筋
word-psoas-major = 大腰筋
word-obturator-externus = 外閉鎖筋
word-obturator-internus = 内閉鎖筋
word-pectineus = 恥骨筋
word-piriformis = 梨状筋
word-adductors = 内転筋群
word-gracilis = 薄筋
word-rectus-femoris = 大腿直筋
word-sartorius = 縫工筋
word-vastus-medialis = 内側広筋
word-vastus-lateralis-and-intermedius = 外側広筋・中間広筋
word-biceps-femoris = 大腿二頭筋
word-semimembranosus = 半膜様筋
word-semitendinosus = 半腱様筋
word-superior-gemellus = 上双子筋
word-inferior-gemellus = 下双子筋
word-quadratus-femoris = 大腿方形筋
word-adductor-longus = 長内転筋

## parts of muscles in the model

word-gluteus-medius-part-1 = 中殿筋、部分 1
word-gluteus-medius-part-2 = 中殿筋、部分 2
word-gluteus-medius-part-3 = 中殿筋、部分 3
word-gluteus-minimus-part-1 = 小殿筋、部分 1
word-gluteus-minimus-part-2 = 小殿筋、部分 2
word-gluteus-minimus-part-3 = 小殿筋、部分 3
word-gluteus-maximus-part-1 = 大殿筋、部分 1
word-gluteus-maximus-part-2 = 大殿筋、部分 2
word-gluteus-maximus-part-3 = 大殿筋、部分 3
word-biceps-femoris-long-head = 大腿二頭筋長頭
word-adductor-brevis = 短内転筋
word-adductor-magnus-part-1 = 大内転筋、部分 1
word-adductor-magnus-part-2 = 大内転筋、部分 2
word-adductor-magnus-part-3 = 大内転筋、部分 3
word-psoas = 大腰筋
word-gemelli = 双子筋

## families of implants of the catalogue

word-tapered-wedge = テーパーウェッジ型
word-metaphyseal-filling = 骨幹端充填型
word-short = ショート型
word-hemispherical = 半球型
word-peripheral-flare = 辺縁フレア型
word-flush = フラット
word-lipped = リップ付き
word-offset = オフセット
word-dual-mobility = デュアルモビリティ
word-standard = 標準
word-high = ハイ

## what the optimiser chooses

word-cup-centre-medially = カップ中心、内方
word-cup-centre-superiorly = カップ中心、上方
word-cup-centre-anteriorly = カップ中心、前方
word-stem-height = ステム高位
word-stem-family = ステムの種類
word-shell-family = シェルの種類
word-liner-and-head = ライナーと骨頭
word-stem-size = ステムサイズ
word-shell-size = シェルサイズ
word-head-length = 骨頭長
word-position = 位置

## sets of criteria and models of errors

word-essential = 基本
word-fixation-and-restoration = 固定性と再建
word-lewinnek = Lewinnek
word-patient-specific = 患者個別
word-widmer = Widmer
word-freehand = フリーハンド
word-navigated = ナビゲーション
word-none = なし
word-robot = ロボット

## what the version of a stem counts from

word-posterior-condylar-line = 後顆線
word-native-neck = 元の頸部
word-coronal-plane-of-the-scanner = スキャナーの冠状面
