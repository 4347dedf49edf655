"""How the page looks in a browser: one column on a phone, two on a desk, black on white on paper. No script, nothing fetched."""

CSS = """
:root{--ink:#1d1b18;--soft:#6b645a;--rule:#d9d2c5;--paper:#fbf8f1;--card:#fff;--red:#b3261e;--blue:#2f5d7c;
--tint:#efe7d8}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);line-height:1.65;font-size:16px;
font-family:"Source Han Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 28px 64px}
h1,h2,.big b{font-family:"Source Han Serif SC","Noto Serif CJK SC","Songti SC",SimSun,serif}
header{border-top:6px solid var(--red);padding-top:18px;margin-bottom:24px}
h1{font-size:34px;line-height:1.25;margin:0 0 8px}
header p{margin:0;color:var(--soft);font-size:14px}
.warn{color:var(--red);font-weight:600}
h2{font-size:21px;margin:0 0 12px;padding-bottom:6px;border-bottom:2px solid var(--ink)}
section{break-inside:avoid;margin:0 0 36px;min-width:0}
.grid{display:grid;grid-template-columns:1fr 1fr;gap:0 40px}
.wide{grid-column:1/-1}
a{color:inherit;text-decoration:underline;text-decoration-color:var(--rule);text-underline-offset:3px}
a:hover,a:focus{color:var(--red);text-decoration-color:currentColor}
.big{display:flex;flex-wrap:wrap;gap:18px 44px;margin:0 0 18px}
.big div{font-size:14px;color:var(--soft)}
.big b{display:block;font-size:46px;line-height:1.1;color:var(--red);font-weight:700}
.big a{text-decoration:none}
.sum{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 10px;font-size:18px;margin:0 0 14px}
.sum span{white-space:nowrap}.sum b{font-size:26px}
table{border-collapse:collapse;width:100%;font-size:15px}
th{font-weight:400;color:var(--soft);font-size:13px;text-align:left;padding:4px 8px 4px 0;
border-bottom:1px solid var(--rule)}
td{padding:5px 8px 5px 0;border-bottom:1px solid var(--rule);vertical-align:baseline}
td:first-child{white-space:nowrap}code{white-space:nowrap}
.r{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.scroll{overflow-x:auto}
.up{color:var(--red)}.down{color:var(--blue)}.new{color:var(--red);font-weight:600}
.note{color:var(--soft);font-size:13px;margin:8px 0 0}
svg.chart{display:block;width:100%;height:auto;overflow:visible}
svg text{font-size:16px;fill:var(--ink)}
svg .name{text-anchor:end}svg .head{font-size:14px;fill:var(--soft)}
svg .bar{fill:var(--red)}svg .whole{fill:var(--tint)}svg .day{fill:var(--blue)}
svg .was{stroke:var(--ink);stroke-width:2}svg .rule{stroke:var(--rule)}
svg a:hover .bar{fill:var(--ink)}
.moves path{fill:none;stroke:var(--soft);stroke-width:2}.moves circle{fill:var(--soft)}
.moves .up path{stroke:var(--red);stroke-width:3}.moves .up circle,.moves .up text{fill:var(--red)}
.moves .down path{stroke:var(--blue)}.moves .down circle{fill:var(--blue)}
svg.share{width:120px;height:9px;vertical-align:middle}
blockquote{margin:0 0 18px;padding:0 0 0 16px;border-left:3px solid var(--tint)}
blockquote h3{margin:0;font-size:17px}
blockquote p{margin:4px 0}
blockquote footer{color:var(--soft);font-size:13px}
.stars h3{color:var(--red);letter-spacing:2px;font-size:14px}
.outcomes{display:flex;flex-wrap:wrap;gap:14px 36px}
.outcomes b{font-size:30px;color:var(--red);margin:0 4px}
.letters details{border-bottom:1px solid var(--rule);font-size:14px}
.letters summary{cursor:pointer;padding:5px 0}
.letters p{margin:0 0 10px;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12.5px;line-height:1.9;
overflow-wrap:anywhere;column-gap:18px;columns:4 190px;scroll-margin-top:40vh}
.letters p:target{background:var(--tint);outline:8px solid var(--tint)}
.letters code{display:block;font:inherit}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.9em}
@media screen and (max-width:760px){svg.share{width:64px}h1 span{display:block}main{padding:18px 16px 40px}
.grid{display:block}h1{font-size:26px}.big{gap:12px 28px}.big b{font-size:38px}
svg text{font-size:22px}svg .head{font-size:20px}.days{margin-bottom:8px}}
@media(prefers-color-scheme:dark){:root{--ink:#ece6da;--soft:#a79f91;--rule:#3b372f;--paper:#181613;--tint:#2e2921;
--red:#f07a6c;--blue:#7fb3d3}}
@media print{:root{--ink:#000;--soft:#555;--paper:#fff;--tint:#eee;--red:#a01b14;--blue:#2f5d7c}
body{font-size:10.5pt;background:#fff}main{max-width:none;padding:0}a{text-decoration:none}.letters{display:none}
section{margin-bottom:14pt}.grid{display:block;columns:2;column-gap:22pt}.wide{column-span:all}
section{break-inside:auto}blockquote,tr,svg,h2{break-inside:avoid}h2{break-after:avoid}.scroll{overflow:visible}
svg.share{width:60px}h2{font-size:14pt}table{font-size:9pt}td{padding:2px 6px 2px 0}
.big b{font-size:26pt}.sum{font-size:11pt}.sum b{font-size:14pt}.outcomes b{font-size:18pt}
blockquote{margin-bottom:9pt}@page{size:A4;margin:16mm 14mm}}
"""
