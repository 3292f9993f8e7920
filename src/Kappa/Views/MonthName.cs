using System.Globalization;

namespace Kappa.Views;

/// <summary>Months of the calendar as text, made once each.</summary>
internal static class MonthName
{
    private const int Years = 9999;
    private static readonly string?[] _names = new string?[Years * 12];

    public static string Of(long utcTicks)
    {
        var time = new DateTime(utcTicks, DateTimeKind.Utc);
        ref var name = ref _names[(time.Year - 1) * 12 + time.Month - 1];
        // A race writes the same text twice; either will do.
        return name ??= time.ToString("yyyy-MM", CultureInfo.InvariantCulture);
    }
}
