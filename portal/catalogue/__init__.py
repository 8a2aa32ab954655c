"""The catalogue (事项目录): one-things, matters, materials and questions as declarative TOML editions."""
