// Command scheduler is Dapr's scheduler as it is.
package main

import "github.com/dapr/dapr/cmd/scheduler/app"

func main() {
	app.Run()
}
