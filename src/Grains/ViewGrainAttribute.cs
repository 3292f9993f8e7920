using System.Collections.Concurrent;
using System.Globalization;
using Kappa.Grains.Instances;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Streams;

namespace Kappa.Grains;

/// <summary>
/// Names the view and version whose instances a grain class holds: <c>[ViewGrain("customer-spend", 1)]</c>. One class per version,
/// so that during a rolling upgrade an instance is only ever placed on a silo that has its code. Orleans activates the grain
/// for every stream of a build of that version; the partition in the stream's key is left out of the grain's key.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ViewGrainAttribute(string view, int version)
    : ImplicitStreamSubscriptionAttribute(new RegexStreamNamespacePredicate(string.Create(CultureInfo.InvariantCulture, $"^{view}-v{version}-[0-9]+$")), InstanceStreamMapper.Name),
        IGrainTypeProviderAttribute
{
    private static readonly ConcurrentDictionary<Type, ViewGrainAttribute> _known = new();

    public string View { get; } = view;
    public int Version { get; } = version;

    public GrainType GetGrainType(IServiceProvider services, Type type) => TypeOf(View, Version);

    /// <summary>That of a grain class; made once for each, since every activation asks.</summary>
    internal static ViewGrainAttribute Of(Type type) =>
        _known.GetOrAdd(type, grain => (ViewGrainAttribute)grain.GetCustomAttributes(typeof(ViewGrainAttribute), inherit: false).Single());

    /// <summary>The type of the grains that hold the instances of a view's version.</summary>
    public static GrainType TypeOf(string view, int version) => GrainType.Create(string.Create(CultureInfo.InvariantCulture, $"view-{view}-v{version}"));
}
