package providers

// socialServices are where fans follow, and write.
var socialServices = []service{
	{key: "instagram", name: "Instagram", at: "instagram.com instagr.am ig.me"},
	{key: "tiktok", name: "TikTok", at: "tiktok.com"},
	{key: "facebook", name: "Facebook", at: "facebook.com fb.com fb.me fb.watch fb.gg"},
	{key: "messenger", name: "Messenger", title: "Write on Messenger", at: "messenger.com m.me"},
	{key: "x", name: "X", at: "x.com twitter.com"},
	{key: "threads", name: "Threads", at: "threads.net threads.com"},
	{key: "bluesky", name: "Bluesky", at: "bsky.app bsky.social"},
	{key: "mastodon", name: "Mastodon", at: mastodonHosts},
	{key: "discord", name: "Discord", title: "Join on Discord", at: "discord.gg discord.com discordapp.com"},
	{key: "telegram", name: "Telegram", title: "Join on Telegram", at: "t.me telegram.me telegram.org"},
	{key: "whatsapp", name: "WhatsApp", title: "Write on WhatsApp", at: "wa.me whatsapp.com"},
	{key: "signal", name: "Signal", title: "Write on Signal", at: "signal.me signal.group signal.org"},
	{key: "snapchat", name: "Snapchat", at: "snapchat.com"},
	{key: "reddit", name: "Reddit", at: "reddit.com redd.it =reddit.app.link"},
	{key: "pinterest", name: "Pinterest", at: "pin.it " + under("pinterest", "com co.uk de fr it es ca at ch ie se dk pt nz ph jp co.kr com.au com.mx cl")},
	{key: "tumblr", name: "Tumblr", at: "tumblr.com tmblr.co"},
	{key: "linkedin", name: "LinkedIn", at: "linkedin.com lnkd.in"},
	{key: "weverse", name: "Weverse", at: "weverse.io"},
	{key: "line", name: "LINE", at: "line.me lin.ee"},
	{key: "wechat", name: "WeChat", at: "wechat.com weixin.qq.com"},
	{key: "kakaotalk", name: "KakaoTalk", at: "open.kakao.com pf.kakao.com story.kakao.com"},
	{key: "vk", name: "VK", at: "vk.com vk.ru vk.me vkontakte.ru"},
	{key: "odnoklassniki", name: "OK", at: "ok.ru"},
	{key: "weibo", name: "Weibo", icon: "sinaweibo", at: "weibo.com weibo.cn"},
	{key: "xiaohongshu", name: "Xiaohongshu", at: "xiaohongshu.com xhslink.com"},
	{key: "douyin", name: "Douyin", icon: "tiktok", at: "douyin.com iesdouyin.com"},
	{key: "kuaishou", name: "Kuaishou", at: "kuaishou.com"},
	{key: "zalo", name: "Zalo", at: "zalo.me"},
	{key: "viber", name: "Viber", at: "viber.com"},
	{key: "clubhouse", name: "Clubhouse", at: "clubhouse.com joinclubhouse.com"},
	{key: "bereal", name: "BeReal", at: "bere.al bereal.com"},
	{key: "letterboxd", name: "Letterboxd", at: "letterboxd.com boxd.it"},
	{key: "flickr", name: "Flickr", at: "flickr.com flic.kr"},
	{key: "deviantart", name: "DeviantArt", at: "deviantart.com"},
	{key: "behance", name: "Behance", at: "behance.net"},
	{key: "lemon8", name: "Lemon8", at: "lemon8-app.com"},
}

// mastodonHosts are large servers of Mastodon. On any other, Mastodon cannot be
// told from a site; there Fits goes by the form of the path.
const mastodonHosts = `mastodon.social mastodon.online mastodon.world mastodon.art mastodon.xyz mastodon.cloud mastodon.nl
	mastodon.ie mastodon.scot mastodon.green mstdn.social mstdn.jp mstdn.ca mas.to masto.ai masto.es mastodonapp.uk
	fosstodon.org hachyderm.io infosec.exchange chaos.social techhub.social pawoo.net troet.cafe piaille.fr toot.community
	aus.social universeodon.com musicians.today sonomu.club social.vivaldi.net kolektiva.social hessen.social
	norden.social muenchen.social`
