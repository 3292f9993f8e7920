using Kappa;
using Kappa.Silo.Hosting;
using Kappa.Web.Hosting;

// The Orleans host with the views that ship. A host of your own is this file with your event types, your views and one grain class for each.
try
{
    await using var app = SiloHost.Build(args, ShippedViews.Events(), ShippedViews.All());
    await SiloHost.StartAsync(app);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (SetupException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
