using System.Globalization;

namespace Kappa.Web.Dashboard;

/// <summary>How the dashboard writes numbers and times: the same everywhere, whatever the host's language.</summary>
internal static class Figures
{
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A rate per second; one decimal where it is small enough to matter.</summary>
    public static string Rate(double rate) => rate.ToString(rate is > 0 and < 9.95 ? "0.0" : "N0", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture) ?? "–";

    public static string ShortTime(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The machine's form, for <c>&lt;time datetime&gt;</c>.</summary>
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static string Plural(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";
}
