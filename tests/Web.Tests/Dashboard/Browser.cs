using Microsoft.Playwright;

namespace Kappa.Tests.Dashboard;

/// <summary>One headless Chromium of Debian for all browser tests; each test gets a fresh context.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] _places = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        var chromium = Array.Find(_places, File.Exists)
            ?? throw new InvalidOperationException(
                $"Browser tests need Chromium at {string.Join(" or ", _places)}. Install it with 'apt-get install chromium'; ./test does so where it may.");
        // Long enough for a machine that does much else; what is there sooner is seen sooner.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>Opens a page and waits until it follows the host. What the browser complains of goes to <paramref name="complaints"/>.</summary>
    public async Task<IPage> OpenAsync(Uri address, string path, List<string> complaints, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(new Uri(address, path).ToString());
        await page.Locator("#connection[data-state=live]").WaitForAsync();
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
