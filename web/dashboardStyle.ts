/** What the dashboard looks like beside what every page has. The colours of tags have a contrast of 4.5 and more. */
export const DASHBOARD_STYLE = `
*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}
a{color:var(--link);text-underline-offset:2px}a:focus-visible,.scroll:focus-visible{outline:2px solid #2a6f97;outline-offset:2px}
code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--shade);border-radius:4px;padding:1px 5px;overflow-wrap:anywhere}
.top{display:flex;flex-wrap:wrap;gap:4px 24px;justify-content:space-between;align-items:baseline;margin-bottom:14px}.top p{margin:0}.top h1{overflow-wrap:anywhere}
section{scroll-margin-top:12px}section>h2{border-top:1px solid var(--edge);padding-top:22px;margin-top:30px}
.headline{border:1px solid var(--edge);border-left-width:6px;border-radius:8px;padding:16px 20px;background:var(--paper)}
.headline.well{border-left-color:var(--good)}.headline.new{border-left-color:#2a6f97}.headline.busy{border-left-color:#c8402a}
.verdict{font-size:21px;font-weight:600;line-height:1.3;margin:0}
.items{list-style:none;margin:14px 0 0;padding:0}.items li{padding:11px 0;border-top:1px solid var(--grid)}.items li:last-child{padding-bottom:0}
.items p{margin:0;max-width:none}.items .why{margin-top:2px;max-width:90ch;overflow-wrap:anywhere;white-space:pre-line}.items .settle{margin-top:6px;display:flex;flex-wrap:wrap;gap:6px 10px;align-items:baseline}
.items b{overflow-wrap:anywhere}
.tag{display:inline-block;font-size:12px;font-weight:600;border-radius:4px;padding:1px 7px;margin-right:4px}
.decide .tag{background:var(--decide);color:var(--link)}.look .tag{background:var(--look);color:var(--looked)}.mend .tag{background:var(--mend);color:var(--bad)}
.since{color:var(--faint);font-size:13px;white-space:nowrap}
.command{user-select:all;display:inline-block;max-width:100%;overflow-x:auto;overflow-wrap:normal}.note{overflow-wrap:anywhere}
.steps{margin:8px 0 0;padding-left:24px}.steps li{padding:4px 0}.steps .done{color:var(--faint)}.steps .next{font-weight:600}.tick{color:var(--good);font-weight:600;white-space:nowrap}
.contents{display:flex;flex-wrap:wrap;gap:4px 18px;margin:16px 0 0;font-size:13px}
.nothing{color:var(--faint);background:var(--shade);border-radius:8px;padding:10px 14px;max-width:none}
.trouble{color:var(--bad);background:var(--alert);border-radius:8px;padding:10px 14px;max-width:none;overflow-wrap:anywhere}
.tiles{margin:14px 0}.tile{flex-basis:170px}.tile b{font-size:22px;line-height:1.25}.tile span{line-height:1.35;display:block}
.scroll{overflow-x:auto;margin:6px 0 12px}.scroll>.table{overflow-x:visible}
.bar{display:block;width:110px;height:9px;background:var(--grid);border-radius:5px;overflow:hidden}.bar i{display:block;height:100%;background:#2a6f97}
.scroll td.text{min-width:0;white-space:nowrap}.scroll td:first-child a{display:inline-block;max-width:48ch;white-space:normal;overflow-wrap:break-word}.command span{white-space:nowrap}
footer{border-top:1px solid var(--edge);margin-top:34px;padding-top:12px;font-size:13px}
@media(max-width:640px){body{margin:18px auto;padding:0 14px}h1{font-size:24px}.headline{padding:14px}.verdict{font-size:19px}
.tiles{gap:10px}.tile{flex-basis:140px;padding:10px 12px}.tile b{font-size:19px}
.since{white-space:normal}}
@media print{.contents,.top nav{display:none}.scroll{overflow:visible}.scroll table{font-size:11px}.scroll th,.scroll td{padding:3px 5px}a{color:inherit;text-decoration:none}
.items li,.headline,.tile{break-inside:avoid}}
`;
