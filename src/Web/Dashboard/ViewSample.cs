using Kappa.Views;

namespace Kappa.Web.Dashboard;

/// <summary>One view at the time of a sample. <paramref name="Rate"/> is in events applied per second.</summary>
public sealed record ViewSample(ViewInfo Info, double Rate);
