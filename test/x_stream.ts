import { StreamCount } from '../src/core/tokens/streamCount.ts';
import { encodingOf } from './core/tokens/encodings.ts';
const e=await encodingOf('o200k_base');
for(const c of ['a',' ','中']) for(const n of [1e6,5e6,20e6]){ const chunk=c.repeat(65536); const s=process.threadCpuUsage(); const st=new StreamCount(e); for(let i=0;i<n/65536;i++) st.append(chunk+''); const mid=process.threadCpuUsage(s); const k=st.tokens; const d=process.threadCpuUsage(s); console.log(JSON.stringify(c),n,k,'append',(mid.user+mid.system)/1000|0,'all',(d.user+d.system)/1000|0,'sys',d.system/1000|0, (process.memoryUsage.rss()/1e6|0)+' MB');}
