/** Questions that a procedure answers which is no card's: by the procedure's id. Beside an open card they are not about the card. */
export const other: Readonly<Record<string, readonly string[]>> = {
  'audit-request': [
    '{an|the|our} {auditor|inspector|tax man|revisor} {wants|asks for|needs|is here for} {proof|the log|evidence|the records|an export|last quarter s decisions}',
    'how do i {export|show|hand over|pull} {the audit trail|the decision history|the log|evidence} {for|to} {the auditor|an inspection|compliance|a check}',
    'somebody is auditing us what do {i|we} show {them|him}',
  ],
  'breaker-tripped': [
    '{the|a|our} {breaker|automation|circuit breaker} {tripped|has tripped|stopped|was triggered|kicked in|is paused}',
    'why are transfers {paused|stopped|only recommended|not automatic any more}',
    'the system stopped moving stock {by itself|automatically|between stores} it says {oscillation|cap hit|breaker}',
  ],
  'cold-unit-failure': [
    '{the|one|our} {fridge|freezer|chiller|cooling cabinet|cold shelf|dairy fridge|ice cream chest|display fridge|refrigerator} {is too warm|is warm|broke down|is not cooling|stopped|is beeping|shows ten degrees|is leaking water|is defrosting|has died|has an alarm|reads too high}',
    '{milk|meat|ice cream|the ham|frozen stuff|the fish} is {getting warm|melting|not cold any more} {in the fridge|in the freezer|in the cabinet|because the unit failed}',
    'temperature alarm {at|on|from} the {freezer|dairy|meat counter|cold unit}',
  ],
  'customer-complaint': [
    '{a|this|one} {customer|man|woman|lady|guy} is {shouting|swearing|yelling|furious|very rude|complaining loudly|losing it|going mad}[ {at me|at the till|at the cashier|about the queue}]',
    'how do i {calm|handle|deal with|soothe} {an angry|a furious|a rude|an upset} {customer|shopper|person}',
    'somebody wants to {complain|make a complaint|speak to the manager about the service}',
  ],
  'customer-is-it-there': [
    '{a|the} {customer|shopper|man|lady} {asks|wants to know} {if we have|whether we sell|if we carry|where to find} {a product|batteries|oat milk|light bulbs|candles|something}',
    '{do we have|have we got|do we carry|do we sell} {something|any|this kind of product} {in stock|here|at all} for {a customer|a shopper|somebody}',
    'how do i check {availability|whether it is in stock|if we have it} {for a shopper|when a customer asks|at the desk}',
  ],
  'customer-order-collect': [
    '{someone|a customer|a lady|a man} is here to {collect|pick up|fetch} {an order|a parcel|her order|a click and collect order}',
    'how do i hand out {an order|a collect order|a parcel|click and collect}',
    '{what id|which code|what proof} {do i need to see|must they show|do i check} when {an order is collected|they pick up|handing over an order}',
  ],
  'customer-order-late': [
    '{customer|somebody|a lady} {came|is here|is at the desk} for {an order|a parcel|the pick up} {that is not ready|that is not packed|which is late|and it is not there yet}',
    'the {order|click and collect} is not {ready|packed|picked} and {the customer is waiting|they are here|he is at the counter}',
    '{she|he} got the mail to collect but the {order|parcel} is not {here|ready|found}',
  ],
  'customer-privacy': [
    '{someone|a customer|a policeman|a caller|a man} {asks|wants|asked} {for|to know} {the address of another customer|personal data|what data we keep|to delete his data|who bought something|a phone number of a customer}',
    'may i {note|write down|keep|photograph|share|give out} {the phone number|card details|an id|personal data|names|the address} of {a customer|customers|shoppers}',
    'what about {gdpr|data protection|privacy} {with the loyalty card|at the desk|with orders|with customer lists}',
  ],
  'customer-sold-out': [
    '{a product|it|the offer|the toy|the promo item} is {sold out|gone|finished|out of stock} {what do i offer|what do we tell people|and a shopper wants it|and customers ask}',
    'what do i {offer|say|suggest} when {something is sold out|we have run out|the shelf is empty for a customer|the offer is gone}',
    'customer {disappointed|sad|annoyed} because {we ran out|it is sold out|none is left|the advert item is gone}',
  ],
  'dates-and-expiry': [
    '{the|this|some|all the} {milk|yoghurt|bread|ham|salad|cheese|baby food|cream} is {past its date|expired|out of date|mouldy|about to expire|close to the date|best before tomorrow}',
    'how do i {check|control|handle|sort|mark down|reduce} {dates|expiry dates|short dated goods|products near expiry|best before dates}',
    'when do i {put the yellow sticker on|reduce|mark down|take off} {goods|products|food} {close to expiry|that expire tomorrow|with a short date}',
  ],
  'high-value-goods': [
    'how do we {lock up|secure|keep|display|handle} {expensive goods|perfume|spirits|razor blades|phones|whisky|tobacco|jewellery|games consoles}',
    '{customer|somebody|a man} wants {something|a bottle|a phone|perfume|whisky} {from the locked cabinet|from the glass case|out of the showcase}',
    'who has the key {of|for} the {cabinet|showcase|cigarettes|spirits case|glass case}',
  ],
  'internal-loss': [
    'i think {a colleague|a cashier|someone of the staff|one of us|my coworker} {is stealing|takes cash|nicks things|takes goods home|gives friends free stuff}',
    'suspicion {against|of} {staff|an employee|a colleague} {who do i tell|how do we investigate|what now}',
    'what if {an employee|a cashier|my colleague} {steals|is caught stealing|takes money from the till}',
  ],
  'misplaced-product': [
    '{found|there is|somebody left|someone put|i found} {meat|a jar|cheese|a toy|chilled food|frozen peas|a product|goods|things} {in the wrong aisle|between the cereals|on a random shelf|in the toy section|on the magazine rack|where it does not belong|lying around}',
    'what do i do with {stray|misplaced|abandoned|dumped} {goods|products|items|baskets|chilled goods}',
    'customers leave {things|products|cold food} {all over the place|in wrong places|at the till} where do they go',
  ],
  'network-down': [
    '{the internet|the network|the line|the connection|the wifi|the router|the hub} is {down|gone|dead|out|not working|disconnected|offline}[ {in the store|since this morning|again}]',
    'we are {offline|cut off|disconnected|without internet} {can we keep working|what still works|what do we do|does anything get lost}',
    '{kiosk|screens|tablets} {say|show} {offline|no connection|not sending|waiting to send}',
  ],
  'option-adjust-record': [
    'how do i {adjust|correct|change|fix|write down|write off} {the record|the stock figure|the book stock|the inventory|the quantity on record} {after a count|of a product|in the system|when the count differs}',
    'who may {adjust|correct|change|sign} {stock|records|the inventory|a correction}',
    '{booking|posting|signing} {a stock difference|an inventory correction|an adjustment|shrinkage}',
  ],
  'option-check-feed': [
    'how do i check {a feed|the cable of a till|whether a device is connected|the scanner line|the camera connection|if the till is sending}',
    '{cable|plug|port|lamp} {of|on} the {till|scanner|camera|printer} {loose|dark|not lit|came out|off}',
  ],
  'option-claim': [
    'how do i {claim|reclaim|get credit for|dispute|file} {a short delivery|missing goods|a difference|money back|an invoice error} {from|with|against} {the supplier|a vendor|the wholesaler|the brewery}',
    'the {supplier|vendor|wholesaler} {charged|invoiced|billed} {too much|more than came|for goods we did not get}',
    'supplier owes us {money|a credit note|goods}',
  ],
  'option-count': [
    'how do i {count|do a stock count of|take stock of|do a blind count of|cycle count} {a product|stock|an article|the spirits|something|small items}[ {correctly|properly|the right way}]',
    '{what|which units} {belongs|belong|counts|do i include} in {a count|the stock count|a stocktake}',
    'do {damaged|reserved|display|opened} {units|goods|items} {count|belong in the count}',
    'rules for {counting|stocktaking|a blind count|stock taking}',
  ],
  'option-delay': [
    'how do i {delay|postpone|move|reschedule|push back} {an order|a pick up|the collection|a customer order} {to another day|to a later date|by a day|to next week}',
    'give {an order|the customer s order} a {later|new} {date|day|slot}',
  ],
  'option-expedite': [
    'how do i {expedite|speed up|rush|hurry|get faster} {a delivery|an order from the warehouse|the next truck|goods|a shipment}',
    'can {the warehouse|the supplier|logistics} {send it earlier|bring it sooner|deliver by courier|ship express}',
    'urgent {order|delivery|shipment} from {the supplier|the warehouse|the depot}',
  ],
  'option-quarantine': [
    'how do i {take|pull|remove|hide|block|delist} {a product|an article|something|an item} {offline|from the web shop|from the app|off the website|from online sale}',
    'stop {selling|offering} {it|a product|an item|this} {online|on the web|in the app}',
    'block {a product|an article} {for sale online|on the internet|in the shop app}',
  ],
  'option-reassign': [
    'how do i {pass|move|reassign|hand|give|forward} {an order|a customer order|this order} to {another store|a different branch|the other shop|a sister store}',
    'can {another|a different|the other} {store|branch|shop} {fulfil|pick|do|take over} {the order|our order|this order}',
  ],
  'option-reconcile': [
    'how do i {reconcile|match|settle|balance} {the two channels|online and store|bookings|refunds|the web shop and the store}',
    '{online|web} {bookings|returns|sales} and {store|till} {bookings|books} do not {agree|match|balance}',
  ],
  'option-restock': [
    'how do i {refill|restock|fill up|top up|face up|stock} {a shelf|the shelves|the rack|from the back room|the dairy shelf}[ {properly|correctly|overnight}]',
    '{old|older|shorter} dates {to the front|in front|first|where} when {filling|restocking|stocking}',
    'rules for {filling shelves|rotation|facing up|restocking|putting goods out}',
  ],
  'option-retrain': [
    'how do i {retrain|train again|refit|update} {the model|the estimates|the forecast}',
    'compare {the new version|challenger|a new model} with {the old one|the champion}',
  ],
  'option-split': [
    'how do i {split|divide|break up} {an order|a customer order|the shipment} {in two|into parts|into two deliveries}',
    'send {part|half|what we have} of {the order|an order} now and the rest later',
  ],
  'option-substitute': [
    'how do i {offer|choose|find|pick} {a substitute|a replacement|an alternative product|a similar product} {for an order|for the customer|when it is missing}',
    'may i {swap|replace|substitute} {an item|a brand|a flavour|a product} in {an order|a click and collect order|the basket}',
    'substitute with {nuts|allergens|a different brand} {allowed|ok}',
  ],
  'option-transfer': [
    'how do i {send|transfer|ship|pack|give|move} {goods|stock|a parcel|units|boxes|some} to {another store|a sister store|the other branch|the shop in town}',
    'packing {a transfer|goods for another store|a parcel for the other branch}',
    'another branch {needs|wants} {our stock|goods|some units} how do we {send|pack|ship} {them|it}',
  ],
  'option-transfer-approve': [
    'how do i {approve|decline|decide on|sign off|judge} {a transfer|a transfer proposal|a request from another store}',
    '{another store|a branch} wants {our units|our stock|goods from us} {do i agree|do i accept|should we give them}',
    'who may {approve|accept|refuse|decline} {a transfer|giving stock away}',
  ],
  'option-transfer-receive': [
    '{a transfer|a parcel|a box|goods} from {another store|the other branch|a sister shop} {arrived|came|is here|has come} {how do i book it|how do i receive it|what now}',
    'how do i {receive|book in|unpack|accept} {a transfer|goods from another store|a parcel from a branch}',
  ],
  'pin-forgotten': [
    'i {forgot|lost|do not remember|mixed up} my {pin|code|kiosk pin|login code}',
    '{my|the} {pin|login|account|kiosk login} is {locked|blocked|not accepted|wrong}',
    'i {cannot|can not} {log in|sign in|get into} {at the kiosk|the kiosk|the terminal}[ {wrong code too often|since my holiday}]',
    'how {do i|to} {reset|change|get a new} {pin|kiosk pin|my pin}',
  ],
  'policy-change': [
    'how do i {change|set|edit|try|activate|roll out} {a policy|the limit|a threshold|the approval limit|the rules|a parameter}',
    'who may {change|edit|activate|set} {a policy|the limits|the thresholds|the rules|the approval amount}',
  ],
  'power-cut': [
    '{power cut|blackout|no electricity|no power|all lights are out|the power is gone|electricity is off|the fuse blew}[ {in the store|what do we do|everything is dark|the tills are dead}]',
    'the {lights|tills|fridges|doors} {went out|are dead|are off} {no power|because of a blackout|everywhere}',
  ],
  'price-label-wrong': [
    '{the|a|this} {price label|shelf label|price tag|electronic label|price on the shelf} is {wrong|missing|empty|blank|different|not right|old|torn}',
    '{a customer|somebody} says {the shelf said|the label showed|it was marked} {a lower price|another price|cheaper}',
    'the {till|register} {shows|charges|scans} {another|a higher|a different} price {than the shelf|than the label}',
  ],
  'receiving-booking-late': [
    '{goods|a delivery|the bread|a pallet|it} {is|are|was|were} {already on the shelf|put out|shelved|sold} but {not booked|nobody booked it|the delivery was not booked in|the paper turned up later}',
    'we {forgot|missed} to {book|scan|enter} {the delivery|a pallet|yesterday s goods|the delivery note}',
  ],
  'receiving-cold-chain': [
    '{frozen|chilled|cold} {goods|food|delivery|fish|ice cream|meat} {arrive|arrived|came|come} {too warm|soft|thawed|melted|at eight degrees}',
    'how do i {check|measure|receive|control} {the temperature of a delivery|chilled goods|frozen goods|the cold chain}[ {at the dock|on arrival}]',
    'what temperature may {milk|fish|meat|frozen goods} have on {arrival|delivery}',
  ],
  'receiving-damaged': [
    '{a|the|one} {pallet|carton|box|delivery|crate} {arrived|came} {damaged|crushed|wet|broken|torn|tipped over|dented|smashed}',
    'goods {broken|damaged|squashed|leaking} {on arrival|in transport|on the truck|when they came in}',
    'the {driver|truck} brought {broken|damaged|crushed|leaking} {goods|boxes|cartons}',
  ],
  'receiving-delivery': [
    'how do i {receive|check in|take in|accept|unload|process} {a delivery|the morning truck|goods at the dock|a pallet|the lorry|the supplier s delivery}',
    '{the truck|a lorry|the delivery|the driver} is {here|at the dock|at the ramp|outside} {what do i check|what do i sign|what first|how do we unload}',
    'what do i {sign|check|count} when {the driver|the truck|a delivery} {comes|arrives|is here}',
  ],
  'receiving-direct-store': [
    '{the|a} {baker|brewery driver|newspaper man|drinks driver|flower supplier|rack jobber|snack rep} {fills the shelf himself|comes without notice|delivers directly|brings goods to the shelf}',
    'direct {delivery|deliveries} by {a supplier|the bakery|the brewery|the newspaper wholesaler}',
    'how do i check {bread|newspapers|drinks|flowers} that the supplier {stocks|fills|brings} himself',
  ],
  'receiving-wrong-goods': [
    '{goods|a pallet|a carton|boxes|something} {arrived|came|was delivered} that {we did not order|nobody ordered|is not ours|belongs to another store|is for a different branch}',
    '{wrong|misdelivered|misrouted|unknown|extra} {pallet|goods|carton|delivery|crate}[ {from the truck|not on the order|for another shop}]',
  ],
  'returns-damaged-goods': [
    '{a|the} {returned|brought back} {item|product|toaster|drill|jacket|box} is {broken|used|dirty|opened|scratched|defective|not sellable}',
    'what happens to returned {goods|items|products} {that cannot be sold|which are broken|that are used}',
    'customer brings back {a broken|a defective|an opened|a used|a dirty} {item|toaster|shirt|phone|toy}',
  ],
  'returns-fraud-check': [
    '{this|a|the same} {return|refund|man|person} {looks|seems|is} {fishy|suspicious|like fraud|dodgy|a scam}',
    'same person {returns|brings back|refunds} {again and again|every day|without a receipt each time}',
    'i think {the receipt is fake|he returns stolen goods|it is refund fraud}',
  ],
  'returns-online-order': [
    '{a customer|a lady|somebody} {brings back|returns|wants to return} {an online order|a web order|something bought on the app|an internet parcel} {in the store|here|at the desk}',
    'how do i {take back|return|accept} {an online order|a web shop parcel|a click and collect order}',
  ],
  'returns-over-counter': [
    'how do i {take back|accept|refund|exchange} {goods|an item|a product|shoes|a jumper|an unwanted gift}[ {over the counter|with a receipt|at the desk}]',
    '{customer|somebody|a man} wants {his money back|a refund|to return something|to exchange a shirt|to bring back shoes}',
    'how many days do {customers|people} have to {return|bring back|exchange} {something|goods|a product}',
  ],
  'returns-without-receipt': [
    '{return|refund|exchange} without {a receipt|the receipt|a bon|proof|the slip}',
    'customer {lost|threw away|has no|forgot} {the receipt|his receipt|the slip|proof of purchase}',
    'what if there is no receipt {for the return|when they bring it back|for a refund}',
  ],
  'safety-chemicals': [
    '{a battery|a cleaner|acid|bleach|drain cleaner|a chemical} {leaks|is leaking|got into my eyes|splashed on my hand|is smoking|spilled|swelled up}',
    'how do i {store|handle|mix|dispose of} {chemicals|cleaners|bleach|batteries|lithium batteries|acids}',
    'chemical {fumes|smell|burn|splash} {in the store|on the skin|in the eye|in the back}',
  ],
  'safety-cold-room': [
    '{locked|stuck|trapped} in the {cold room|freezer|walk-in|deep freeze}',
    'how long may i work in the {cold room|freezer room|deep freeze}',
    'what do i wear in the {cold room|freezer|cold store}',
  ],
  'safety-fire': [
    '{there is|i smell|i see} {smoke|fire|burning|flames}[ {in the store|in the back|in the bin}]',
    '{fire alarm|the alarm|the fire bell|the siren} {rings|goes off|went off|is ringing}',
    'how do we {evacuate|leave the building|get people out|use the extinguisher}',
    'where is the {assembly point|fire extinguisher|meeting point}',
  ],
  'safety-food-hygiene': [
    'how {often|long} {do i|must i|should i} {wash my hands|change gloves|clean the slicer|clean the counter|disinfect the board}',
    'may i work {at the deli|with food|at the counter} {with a cold|when i am sick|with a cut finger|with diarrhoea}',
    '{raw|cooked} {meat|fish|chicken} {next to|and} {salad|cheese|ready food} {same board|allowed|on one board}',
  ],
  'safety-injury': [
    '{somebody|a customer|a colleague|an old lady|a child|a worker} {fell|is hurt|fainted|collapsed|is bleeding|cut himself|has chest pain|is unconscious|broke an arm|burnt herself}',
    '{i|my colleague} {cut my finger|hurt my hand|burnt my arm|twisted an ankle|hit my head}',
    'where is the {first aid box|first aider|defibrillator|plaster}',
  ],
  'safety-ladder': [
    'how do i {use|climb|set up} {a ladder|the ladder|a stepladder|the steps}[ {safely|in the aisle|near customers}]',
    '{reach|get to|take down from} the {top shelf|top stock|highest shelf}',
    'may i stand on {a crate|a chair|the shelf|a box} to reach {the top|up|high stock}',
  ],
  'safety-lifting': [
    'how {do i|to} {lift|carry|move} {heavy boxes|a heavy carton|crates|sacks|a washing machine}[ {without hurting my back|properly|alone}]',
    'how {heavy|many kilos} may {a box be|i lift|one person carry}',
    'my back {hurts|aches} {from|after} {lifting|carrying} {boxes|crates}',
  ],
  'safety-pallet-truck': [
    'who may {drive|use} the {pallet truck|forklift|electric pallet truck|baler|compactor|pump truck}',
    'how do i {move|push|pull|use} {a pallet|a roll cage|the pallet truck|roll containers|the pump truck|the baler}[ {safely|down the ramp}]',
    'do i need a {licence|training|permit} for the {forklift|pallet truck|baler|electric truck}',
  ],
  'safety-recall': [
    '{a|the} {product|batch|toy|yoghurt|cheese|baby food} {is recalled|is being called back|must be withdrawn|was recalled|is contaminated|may contain glass|has salmonella}',
    '{recall|product recall|withdrawal|allergen warning}[ {for|of|on} {a product|yoghurt|toys|baby food|cheese}][ {what do we do|came in|by mail}]',
    'supplier {calls back|recalls|withdraws} {a batch|a product|a lot|his cheese}',
  ],
  'safety-spill': [
    '{milk|oil|honey|water|wine|a liquid|detergent|something} {spilled|is spilled|ran out|is on the floor|is leaking}[ {in aisle #|near the till|by the entrance}]',
    '{broken glass|a smashed jar|a broken bottle|shards|a puddle|a wet floor|a slippery patch}[ {in aisle #|on the floor|by the door}]',
    'how do i {clean|mop|secure|wipe} {up a spill|the wet floor|broken glass|a puddle}',
  ],
  'safety-threat': [
    '{a man|a robber|someone|two masked men} {has a gun|has a knife|threatens us|wants the money|is attacking a colleague|is violent}',
    '{robbery|hold up|armed robbery|we are being robbed|a threat by phone|bomb threat}[ {what do we do|now|in the store}]',
    'what do i do {in a robbery|when somebody threatens me|if he pulls a knife|during a hold up}',
  ],
  'scanner-trouble': [
    '{my|the|this} {scanner|hand scanner|handheld|barcode gun|scan gun|barcode reader} {does not beep|does not scan|will not read|is dead|does not pair|has no battery|stopped reading|is not connecting}',
    'how do i {pair|connect|charge|restart|reset} {the scanner|my scanner|the handheld|the barcode gun}',
  ],
  'shift-handover': [
    'how do i {hand over|pass on|close|end} {the shift|my shift|open tasks|the store to the next shift}',
    'what do i {tell|hand to|write for|leave for} the {next shift|evening team|night crew|colleague who takes over}',
    '{handover|shift change|end of shift} {what belongs in|checklist|notes|procedure}',
  ],
  'staff-grants': [
    '{a new|our new} {employee|colleague|starter|temp} needs {access|a pin|rights|a login|an account|a role}',
    'how do i {give|remove|end|change} {access|rights|a role|permissions} {for|of} {a colleague|a new employee|a leaver|someone who left}',
    'somebody {left the company|quit|changed stores} how do i {end his access|remove the account|block the login}',
  ],
  'theft-suspected': [
    '{a man|a customer|a woman|somebody|a teenager} {hides|puts|is putting|sneaks} {something|bottles|goods|meat|perfume} {in a bag|under the coat|in the pocket|in the pram}',
    'i think {someone|a customer|that guy|that shopper} is {stealing|shoplifting|nicking stuff|going to walk out without paying}',
    'the {gate|door alarm|security gate} {beeps|beeped|went off} when {a customer|somebody} left',
    'how do we {stop|approach|watch} {a shoplifter|a suspected thief|a suspicious shopper}',
  ],
  'till-closing': [
    'how do i {close|cash up|count out|balance|shut down} {the till|my till|a register|the cash desk}[ {at the end of the day|tonight|after my shift}]',
    'where does the {cash|money|float|bag|drawer} go {after closing|at the end|tonight}',
    '{z report|day count|cash bag|drawer count} {how|when|where}',
  ],
  'till-difference': [
    '{my|the} {till|drawer|cash|register} {is short|is over|is # euro off|does not balance|does not add up|has a difference|is missing money}',
    '{money|cash|# euro} {is missing|too much|short} in the {till|drawer|register}',
    'what do i do with a {cash|till} {difference|shortage|surplus}',
  ],
  'waste-booking': [
    'how do i {book|write off|register|throw away|record} {waste|spoiled goods|broken jars|food for the bin|breakage|tasting samples|own use|mouldy fruit}',
    '{fruit|bread|a jar|vegetables} {is mouldy|broke|fell down|is rotten|went bad} {how do i write it off|where do i book it|can i bin it}',
    'we {use|used|opened|took} {a product|milk|cleaner|coffee} for {ourselves|tasting|the staff kitchen|the shop} how is that booked',
  ],
};
