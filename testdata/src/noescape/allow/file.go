//airlock:allow direct this file is the old mailer

package allow

import "net/smtp"

func old() error { return smtp.SendMail("localhost:25", nil, "", nil, nil) }
