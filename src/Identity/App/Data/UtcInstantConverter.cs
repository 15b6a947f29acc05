using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Telemedicine.Identity.Data;

/// <summary>Stores an instant as UTC: SQLite cannot compare a DateTimeOffset on the server, a DateTime it can.</summary>
public sealed class UtcInstantConverter() : ValueConverter<DateTimeOffset, DateTime>(
    instant => instant.UtcDateTime,
    stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)));
