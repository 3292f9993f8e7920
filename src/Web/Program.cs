using Kappa;
using Kappa.Web.Hosting;

// The embedded host with the views that ship. A host of your own is this file with your event types and views.
try
{
    await using var app = KappaHost.Build(args, ShippedViews.Events(), ShippedViews.All());
    await KappaHost.StartAsync(app);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (SetupException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
