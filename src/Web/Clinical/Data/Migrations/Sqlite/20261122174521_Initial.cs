using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "CK_HealthcareServices_Duration",
                table: "Services");

            migrationBuilder.AddCheckConstraint(
                name: "CK_Services_Duration",
                table: "Services",
                sql: "[DurationMinutes] > 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "CK_Services_Duration",
                table: "Services");

            migrationBuilder.AddCheckConstraint(
                name: "CK_HealthcareServices_Duration",
                table: "Services",
                sql: "[DurationMinutes] > 0");
        }
    }
}
