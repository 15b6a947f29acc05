using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Telemedicine.Clinical.Data;

/// <summary>Instants are stored as UTC date and time: both providers can compare and order those.</summary>
internal sealed class UtcInstantConverter() : ValueConverter<DateTimeOffset, DateTime>(
    instant => instant.UtcDateTime,
    stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)));

internal sealed class EntityIdConverter<TId>() : ValueConverter<TId, Guid>(id => Value(id), value => From(value))
    where TId : struct, IEntityId<TId>
{
    private static Guid Value(TId id) => id.Value;

    private static TId From(Guid value) => TId.From(value);
}
