package fan

import "strings"

// risoFilters print a picture in Riso's two inks. riso-plates turns it into two plates, one in red and one in green; the
// theme lays a screen of dots over each; riso-inks prints the plates, a little beside each other. riso-grain does all
// three for small pictures, with grain in the place of the screens. The inks are the page's colours.
var risoFilters = strings.Join(strings.Fields(`
<filter id="riso-plates" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">
 <feComponentTransfer><feFuncR type="gamma" exponent=".5"/><feFuncG type="gamma" exponent=".5"/><feFuncB type="gamma" exponent=".5"/></feComponentTransfer>
 <feColorMatrix values=".42 .5 0 0 .02 -.35 .3 .75 0 .02 0 0 0 0 0 0 0 0 1 0"/>
</filter>
<filter id="riso-inks" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">
 <feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -1 0 0 0 1" result="a"/>
 <feFlood class="ink-a"/><feComposite in2="a" operator="in"/><feOffset dx="-1" dy="1" result="A"/>
 <feColorMatrix in="SourceGraphic" values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -1 0 0 1" result="b"/>
 <feFlood class="ink-b"/><feComposite in2="b" operator="in"/><feOffset dx="1.5" dy="-1"/><feBlend in2="A" mode="multiply"/>
</filter>
<filter id="riso-grain" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">
 <feComponentTransfer in="SourceGraphic"><feFuncR type="gamma" exponent=".6"/><feFuncG type="gamma" exponent=".6"/><feFuncB type="gamma" exponent=".6"/></feComponentTransfer>
 <feColorMatrix values=".8 .8 0 0 -.25 -.7 .6 1.5 0 -.1 0 0 0 0 0 0 0 0 1 0" result="p"/>
 <feTurbulence type="fractalNoise" baseFrequency=".9" numOctaves="2" seed="7"/>
 <feColorMatrix values="1 0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 1"/>
 <feComposite in="p" operator="arithmetic" k2="6" k3="6" k4="-5.5" result="t"/>
 <feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -1 0 0 0 1" result="a"/>
 <feFlood class="ink-a"/><feComposite in2="a" operator="in"/><feOffset dx="-1" dy="1" result="A"/>
 <feColorMatrix in="t" values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -1 0 0 1" result="b"/>
 <feFlood class="ink-b"/><feComposite in2="b" operator="in"/><feOffset dx="1.5" dy="-1"/><feBlend in2="A" mode="multiply"/>
</filter>`), " ")
