using Kappa.Log;
using Kappa.Shop;
using Kappa.Silo.Hosting;
using Kappa.Views;
using Kappa.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Kappa.GrainsBench.Measures;

/// <summary>The silo's host as people run it on one machine, with one view, in this process: streams fed from the file log, documents in one file.</summary>
internal sealed class OpenSilo : IAsyncDisposable
{
    private static readonly TimeSpan _waitMax = TimeSpan.FromMinutes(3);

    private readonly WebApplication _app;

    private OpenSilo(WebApplication app) => _app = app;

    public ILogWriter Writer => _app.Services.GetRequiredService<ILogWriter>();
    public ILogReader Reader => _app.Services.GetRequiredService<ILogReader>();
    public IViews Views => _app.Services.GetRequiredService<IViews>();

    public static async Task<OpenSilo> StartAsync(string folder, params string[] settings)
    {
        var app = SiloHost.Build([$"--Kappa:Data={folder}", "--Kappa:Cluster:SiloPort=21711", "--Kappa:Cluster:GatewayPort=21712", "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=Warning", .. settings], SpendEvents.Types, [new CustomerSpendView()]);
        var silo = new OpenSilo(app);
        await SiloHost.StartAsync(app);
        // Whoever reads first waits until the view has its build, and so its auditors.
        await silo.Views.ReadAsync(SpendEvents.View, "none");
        return silo;
    }

    /// <summary>Waits until the auditors have proven everything that the log has; throws unless the view then applied so many events.</summary>
    public async Task ReachEndAsync(int events)
    {
        var end = new Receipt(LogCuts.EndOf(Reader));
        if ((await Views.ReadAsync(SpendEvents.View, "none", end, _waitMax)).Status == ReadStatus.NotYet)
            throw new InvalidOperationException("The end of the log was not reached in time.");
        var view = (await Views.ListAsync()).Single();
        if (view.Applied != events)
            throw new InvalidOperationException($"{view.View} applied {view.Applied} of {events} events.");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
